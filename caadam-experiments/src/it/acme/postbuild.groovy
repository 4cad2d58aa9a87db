// Runs the stranger's study, and that of the README, with the packaged suite, in an empty directory.
def work = new File(basedir, "work")
work.deleteDir()
work.mkdirs()
def random = new Random(7)
new File(work, "houses.csv").withPrintWriter { out ->
    out.println("rooms,age,district,price")
    300.times {
        double rooms = 1 + random.nextInt(8), age = random.nextInt(90)
        def district = ["north", "south", "west"][random.nextInt(3)]
        def price = 30 * rooms - age + (district == "north" ? 40 : 0) + 5 * random.nextGaussian()
        out.println("$rooms,$age,$district,$price")
    }
}
new File(work, "study.yaml").text = new File(basedir, "study.yaml").text

def java = new File(System.getProperty("java.home"), "bin/java").path
def plugins = ["--plugins", new File(basedir, "target/acme.jar").path]
def caadam = { List words ->
    def log = new File(work, "${words[0]}.log")
    def process = new ProcessBuilder([java, "-jar", suite as String] + words)
            .directory(work).redirectErrorStream(true).redirectOutput(log).start()
    assert process.waitFor() == 0 : log.text
    log.text
}
assert caadam(["check", "study.yaml"] + plugins).contains("ok      optimizer com.acme.SignMomentum: learns")
assert caadam(["plan", "study.yaml"] + plugins).contains("code=")
caadam(["run", "study.yaml", "--workers", "2"] + plugins)

def rows = new File(work, "runs/sign-or-sgd/runs.csv").readLines()
// Two networks, five optimizers, two seeds.
assert rows.size() == 1 + 2 * 5 * 2
assert rows.tail().every { it.contains("finished") }
assert rows.any { it.contains("ours") && it.contains("median-error") }
assert caadam(["status", "runs/sign-or-sgd"]).contains("20")

// The study that the README shows, word for word; two of its seeds are enough.
def study = (new File(readme as String).text =~ /(?s)```yaml\n(format: 1\nname: mine\n.*?)```/)
assert study.count == 1 : "the README has no study that is called mine"
new File(work, "mine.yaml").text = study[0][1]
caadam(["run", "mine.yaml", "--runs", "2", "--workers", "2"] + plugins)
def mine = new File(work, "runs/mine/runs.csv").readLines().tail()
assert mine.size() == 2 * 2 && mine.every { it.contains("finished") && it.contains("mae") }
assert ["Adam", "mine"].every { label -> mine.count { it.startsWith("houses,64-64,$label,") } == 2 }
assert new File(work, "runs/mine/provenance.json").text.contains("acme.jar: SHA-256")
true
