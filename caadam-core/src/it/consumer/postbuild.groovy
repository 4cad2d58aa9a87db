def losses = (new File(basedir, "build.log").text =~ /epochs?: ([0-9.Ee-]+)/).collect { it[1] as double }
assert losses.size() == 2
assert losses[1] < losses[0] / 2

def manifest = new java.util.jar.JarFile(jar as String).withCloseable { it.manifest }
assert manifest.mainAttributes.getValue("Automatic-Module-Name") == "io.github.caadam.core"

