def losses = (new File(basedir, "build.log").text =~ /epochs?: ([0-9.Ee-]+)/).collect { it[1] as double }
assert losses.size() == 2
assert losses[1] < losses[0] / 2
