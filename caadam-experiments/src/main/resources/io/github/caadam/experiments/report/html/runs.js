/* All runs: read from columns, listed a page at a time, as there may be a hundred thousand. */

const PAGE = 50;

/** The runs as the data have them, by column. */
class Runs {
  constructor({ runs, curves }) {
    this.columns = runs;
    this.cells = [];
    this.problem = new Int32Array(runs.run.length);
    this.configuration = new Int32Array(runs.run.length);
    let start = 0;
    for (const [problem, configuration, count] of runs.cells) {
      this.problem.fill(problem, start, start + count);
      this.configuration.fill(configuration, start, start + count);
      this.cells.push({ problem, configuration, start, end: start + count });
      start += count;
    }
    this.curves = new Map(curves.map(({ run, losses }) => [run, losses]));
  }

  get length() {
    return this.columns.run.length;
  }

  get(index) {
    const { columns } = this;
    return {
      index,
      problem: this.problem[index],
      configuration: this.configuration[index],
      run: columns.run[index],
      value: columns.value[index],
      secondary: columns.secondary[index],
      seconds: columns.seconds[index],
      epochs: columns.epochs[index],
      bestEpoch: columns.bestEpoch[index],
      started: columns.started[index],
      commit: columns.commits[columns.commit[index]],
      id: columns.id[index],
      curve: this.curves.get(index),
    };
  }

  cellsOf(problem) {
    return this.cells.filter((cell) => cell.problem === problem);
  }

  of({ start, end }) {
    return Array.from({ length: end - start }, (_, i) => this.get(start + i));
  }

  /** The runs of a problem that have a curve. */
  curvesOf(problem) {
    return this.cellsOf(problem).flatMap(({ start, end }) => {
      const drawn = [];
      for (let index = start; index < end; index++) {
        if (this.curves.has(index)) {
          drawn.push(this.get(index));
        }
      }
      return drawn;
    });
  }
}

function distinct(values) {
  return [...new Set(values)];
}

class RunsTable {
  constructor(host, data, runs, tooltip) {
    this.data = data;
    this.runs = runs;
    this.tooltip = tooltip;
    this.first = 0;
    this.text = "";
    this.order = Uint32Array.from({ length: runs.length }, (_, i) => i);
    this.chosen = this.order;
    const label = (list) => (i) => list[i].label;
    const { columns } = runs;
    this.columns = [
      ["Problem", false, (i) => label(data.problems)(runs.problem[i])],
      ["Optimizer", false, (i) => label(data.configurations)(runs.configuration[i])],
      ["Run", true, (i) => columns.run[i]],
      [distinct(data.groups.map(({ metric }) => metric)).join(" or "), true, (i) => columns.value[i]],
      [distinct(data.groups.map(({ secondary }) => secondary)).join(" or "), true,
        (i) => columns.secondary[i]],
      ["Epochs", true, (i) => columns.epochs[i]],
      ["Seconds", true, (i) => columns.seconds[i]],
    ];
    this.build(host);
    this.show();
  }

  build(host) {
    const heads = this.columns.map(([title, numeric], index) => {
      const button = element("button", { type: "button", class: "sort" }, title);
      const head = element("th", numeric ? { scope: "col", class: "number" } : { scope: "col" }, button);
      button.addEventListener("click", () => this.sort(index, turn(head)));
      return head;
    });
    this.body = element("tbody");
    const caption = element(
      "caption", { id: "runs-caption" },
      element("span", {}, "One line per finished run. Press + for its id, best epoch and losses."));
    const table = element("table", {}, caption, element("thead", {}, element("tr", {}, ...heads)), this.body);
    this.problem = this.select("Problem", this.data.problems, this.runs.cells.map((cell) => cell.problem));
    this.configuration = this.select(
      "Optimizer", this.data.configurations, this.runs.cells.map((cell) => cell.configuration));
    const filter = textFilter("Id, commit or run", (text) => {
      this.text = text;
      this.filter();
    });
    const saveAll = element("button", { type: "button" }, "Save as CSV");
    saveAll.addEventListener("click", () => this.save());
    this.count = element("output");
    this.previous = this.pageButton("Previous", -1);
    this.next = this.pageButton("Next", 1);
    host.append(
      element("div", { class: "filters" },
        element("label", {}, "Problem ", this.problem),
        element("label", {}, "Optimizer ", this.configuration), filter, saveAll),
      element("div", { class: "scroll", role: "region", "aria-labelledby": "runs-caption", tabindex: "0" },
        table),
      element("div", { class: "pager" }, this.previous, this.next, this.count));
  }

  pageButton(name, direction) {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", () => {
      this.first += direction * PAGE;
      this.show();
    });
    return button;
  }

  select(name, choices, present) {
    const options = distinct(present).sort((a, b) => a - b).map(
      (index) => element("option", { value: index }, choices[index].label));
    const select = element("select", { name }, element("option", { value: "" }, "all"), ...options);
    select.addEventListener("change", () => this.filter());
    return select;
  }

  sort(column, direction) {
    const [, numeric, key] = this.columns[column];
    if (numeric) {
      this.order.sort((a, b) => compareNumbers(key(a), key(b), direction));
    } else {
      const names = distinct(Array.from(this.order, key)).sort(collator.compare);
      const ranks = new Map(names.map((name, rank) => [name, rank]));
      this.order.sort((a, b) => direction * (ranks.get(key(a)) - ranks.get(key(b))));
    }
    this.filter();
  }

  filter() {
    const { columns, problem, configuration } = this.runs;
    const [byProblem, byConfiguration] = [this.problem.value, this.configuration.value];
    const holds = (i) =>
      String(columns.run[i]) === this.text
      || columns.id[i].includes(this.text)
      || columns.commits[columns.commit[i]].includes(this.text);
    this.chosen = this.order.filter((i) =>
      (byProblem === "" || problem[i] === Number(byProblem))
      && (byConfiguration === "" || configuration[i] === Number(byConfiguration))
      && (this.text === "" || holds(i)));
    this.first = 0;
    this.show();
  }

  show() {
    const shown = this.chosen.subarray(this.first, this.first + PAGE);
    this.body.replaceChildren(...Array.from(shown, (index) => this.row(this.runs.get(index))));
    this.previous.disabled = this.first === 0;
    this.next.disabled = this.first + PAGE >= this.chosen.length;
    const of = this.chosen.length === this.runs.length ? "" : ` chosen of ${this.runs.length}`;
    this.count.textContent = shown.length === 0
      ? "No such run."
      : `Runs ${this.first + 1} to ${this.first + shown.length} of ${this.chosen.length}${of}`;
  }

  row(run) {
    const { label: optimizer, css } = this.data.configurations[run.configuration];
    const toggle = element("button", {
      type: "button", class: "toggle", "aria-expanded": "false",
      "aria-label": `Details of run ${run.run} of ${optimizer}`,
    });
    const number = (value, digits) => element("td", { class: "number" }, significant(value, digits));
    const row = element("tr", {},
      element("th", { scope: "row" }, toggle, this.data.problems[run.problem].label),
      element("td", {}, element("span", { class: `swatch ${css}` }), optimizer),
      number(run.run, 9), number(run.value, 5), number(run.secondary, 5), number(run.epochs, 9),
      number(run.seconds, 4));
    toggle.addEventListener("click", () => this.toggle(row, run, toggle));
    return row;
  }

  toggle(row, run, button) {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      row.nextElementSibling.remove();
      return;
    }
    const cell = element("td", { colspan: this.columns.length });
    row.after(element("tr", { class: "detail" }, cell));
    const list = element("dl");
    for (const [term, text] of this.facts(run)) {
      list.append(element("dt", {}, term), element("dd", {}, text));
    }
    cell.append(list);
    if (run.curve) {
      this.addCurve(cell, run);
    }
  }

  facts(run) {
    const group = this.data.groups[this.data.problems[run.problem].group];
    const facts = [
      [run.id ? "seed" : "run", run.run],
      [group.metric, run.value], [group.secondary, run.secondary],
      ["epochs", run.epochs], ["best epoch", run.bestEpoch === null ? null : run.bestEpoch + 1],
      ["seconds", significant(run.seconds)], ["started", run.started], ["commit", run.commit],
      ["id", run.id],
    ];
    return facts
      .filter(([, text]) => text !== null && text !== undefined && text !== "")
      .map(([term, text]) => [term, String(text)]);
  }

  addCurve(cell, run) {
    const { css } = this.data.configurations[run.configuration];
    const { every, loss, validation } = run.curve;
    const host = element("div", { class: "plot" });
    cell.append(
      element("p", { class: "note" },
        "Loss by epoch: training solid, validation dashed; the vertical line is the best epoch."),
      host);
    const series = [
      { run, every, css, values: loss, name: "training loss" },
      { run, every, css: `${css} dashed`, values: validation, name: "validation loss" },
    ];
    new Chart(
      host, this.tooltip, "Loss by epoch of this run",
      curvesFigure(() => series, 240, () => "epochs", run.bestEpoch));
  }

  save() {
    const titles = [...this.columns.map(([title]) => title), "Id"];
    const rows = Array.from(this.chosen, (i) => [
      ...this.columns.map(([, , key]) => key(i)), this.runs.columns.id[i]]);
    save("runs.csv", "text/csv", csv([titles, ...rows]));
  }
}
