"""Makes the tables and figures of all results again, and holds them against those that are kept.

    python3 scripts/results/check_results.py [RESULTS [COMMAND...]]

RESULTS is the folder of results (default: results), COMMAND what starts caadam (default:
scripts/caadam). For each study with a runs.csv the tables, the comparison with the paper, the
figures and the report are made in a temporary folder. The report must be the same to the byte.
Captions are left out, and columns of counts, places and notes that the kept tables do not have.
Every other cell must be the same, but for three things: tests of times between unlike places, which
are no longer made; the ends of the intervals of Hedges' g beyond nine digits, whose integral is
another one now; and the way in which LaTeX sets a superscript. Of a figure, all that is drawn below
the caption must be the same, moved down by its further lines. Ends with 1 and lists what differs.
"""

import csv
import math
import pathlib
import re
import subprocess
import sys
import tempfile

NEW_COLUMNS = re.compile(
    r"(baseline_)?(planned|diverged|invalid|failed|missing)|places?|note|Note|Places")
NUMBER = r"-?\d+(?:\.\d+)?"
TIME_TEST = re.compile(r"time_(welch|pooled)_[tp](_paper|_difference)?|Time (pooled )?[tp]")
UNLIKE = "the sides were made in unlike places"


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def read_markdown(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return rows[0], rows[2:]


def read_latex(path):
    """The cells below the heads; the heads have groups, so that columns are counted."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\\multicolumn\{(\d+)\}\{c\}\{([^}]*)\}", r"\2", text)
    rows = [[cell.strip() for cell in line.removesuffix("\\\\").split(" & ")]
            for line in text.splitlines() if line.endswith("\\\\")]
    heads = max(i for i, line in enumerate(text.split("\\midrule")[0].splitlines())
                if line.endswith("\\\\"))
    titles = text.split("\\midrule")[0].splitlines()[heads]
    title_row = [cell.strip() for cell in titles.removesuffix("\\\\").split(" & ")]
    body = [row for row in rows if len(row) == len(title_row)][1:]
    return title_row, [[re.sub(r"\$\^\{2\}\$", "²", re.sub(r"\$\\cdot\$", "·", cell)) for cell in row]
                       for row in body]


READERS = {".csv": read_csv, ".md": read_markdown, ".tex": read_latex}


def columns(header, other):
    """The places of columns that both have, in order; repeated titles are paired in order."""
    left = list(enumerate(other))
    pairs, added = [], []
    for i, title in enumerate(header):
        match = next((pair for pair in left if plain(pair[1]) == plain(title)), None)
        if match:
            left.remove(match)
            pairs.append((title, match[0], i))
        else:
            added.append(title)
    return pairs, added, [title for _, title in left]


def plain(title):
    return title.replace("$^{2}$", "²")


def compare(kept, made, differences):
    reader = READERS[kept.suffix]
    (old_header, old), (new_header, new) = reader(kept), reader(made)
    pairs, added, lost = columns(new_header, old_header)
    for title in added:
        if not NEW_COLUMNS.fullmatch(title):
            differences.append(f"{kept}: column {title} is new")
    differences += [f"{kept}: column {title} is gone" for title in lost]
    if len(old) != len(new):
        differences.append(f"{kept}: {len(old)} rows, now {len(new)}")
        return 0, 0
    notes = {}
    if made.suffix == ".csv":
        notes = {i: row[new_header.index("note")] for i, row in enumerate(new)}
    cells = unlike = 0
    for i, (old_row, new_row) in enumerate(zip(old, new)):
        for title, before, after in pairs:
            cells += 1
            if same(title, old_row[before], new_row[after]):
                continue
            if is_time_test(made, title, before, new_row[after], notes.get(i)):
                unlike += 1
                continue
            differences.append(f"{kept}: row {i + 1}, {title}: {old_row[before]}, now {new_row[after]}")
    return cells, unlike


def same(title, before, after):
    if re.fullmatch(r"(adam_|fair_)?hedges_g_(low|high)", title) and before and after:
        return math.isclose(float(before), float(after), rel_tol=1e-9, abs_tol=1e-9)
    return before == after


def is_time_test(made, title, place, cell, note):
    """Whether a test of times is no longer made, and for that reason."""
    if made.suffix == ".csv":
        return bool(TIME_TEST.fullmatch(title)) and cell == "NaN" and UNLIKE in note
    time = TIME_TEST.fullmatch(title) if made.suffix == ".md" else title in ("t", "p", "pooled t",
                                                                              "pooled p")
    return bool(time) and cell in ("–", "--")


def drawn(path):
    """The height of a figure, and its elements below title and caption, numbers apart."""
    text = path.read_text(encoding="utf-8")
    height = float(re.search(r'height="(\d+)px"', text)[1])
    below = text[text.index("<g transform"):]
    return height, [(re.sub(NUMBER, "#", line), [float(one) for one in re.findall(NUMBER, line)])
                    for line in below.splitlines()]


def compare_figure(kept, made, differences):
    (old_height, old), (new_height, new) = drawn(kept), drawn(made)
    down = new_height - old_height
    same = len(old) == len(new) and all(
        before[0] == after[0] and all(
            min(abs(y - x), abs(y - x - down)) < 0.02 for x, y in zip(before[1], after[1]))
        for before, after in zip(old, new))
    if not same:
        differences.append(f"{kept} is drawn otherwise")


def main(results="results", *command):
    command = list(command) or ["scripts/caadam"]
    differences, totals, figures = [], [0, 0, 0], 0
    for study in sorted(path.parent for path in pathlib.Path(results).glob("*/runs.csv")):
        with tempfile.TemporaryDirectory() as folder:
            made = pathlib.Path(folder)
            subprocess.run([*command, "tables", study / "runs.csv", "--out",
                            made / "tables"], check=True, stdout=subprocess.DEVNULL)
            if (study / "comparison").exists():
                subprocess.run([*command, "compare", "--paper", study / "runs.csv",
                                "--out", made / "comparison"], check=True,
                               stdout=subprocess.DEVNULL)
            if (study / "figures").exists():
                subprocess.run([*command, "figures", study, "--out", made / "figures"],
                               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if (study / "report.html").exists():
                subprocess.run([*command, "report", study, "--out", made / "report.html"],
                               check=True, stdout=subprocess.DEVNULL)
                if (made / "report.html").read_bytes() != (study / "report.html").read_bytes():
                    differences.append(f"{study / 'report.html'} is another page")
            for kept in sorted([*study.glob("tables/*"), *study.glob("comparison/*"),
                                *study.glob("figures/*.svg")]):
                again = made / kept.parent.name / kept.name
                if not again.exists():
                    differences.append(f"{kept} is not made")
                    continue
                if kept.suffix == ".svg":
                    figures += 1
                    compare_figure(kept, again, differences)
                    continue
                cells, unlike = compare(kept, again, differences)
                totals = [a + b for a, b in zip(totals, (1, cells, unlike))]
    print("\n".join(differences))
    print(f"{totals[0]} tables, {totals[1]} cells, {figures} figures: {len(differences)} differ; {totals[2]} tests of"
          " times between unlike places are no longer made")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
