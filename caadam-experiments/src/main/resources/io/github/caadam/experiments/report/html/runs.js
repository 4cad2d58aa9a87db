/* The table of all runs: filters, and a row's details under it. */

class RunsTable {
  constructor(table, data, tooltip) {
    this.data = data;
    this.tooltip = tooltip;
    this.rows = [...table.tBodies[0].rows].map((row, index) => ({ row, run: data.runs[index] }));
    this.columns = table.tHead.rows[0].cells.length;
    this.rows.forEach((entry) => this.addToggle(entry));
    this.addFilters(table);
  }

  addToggle({ row, run }) {
    const optimizer = this.data.configurations[run.configuration].label;
    const toggle = element("button", {
      type: "button", class: "toggle", "aria-expanded": "false",
      "aria-label": `Details of run ${run.run} of ${optimizer}`,
    });
    toggle.addEventListener("click", () => this.toggle(row, run, toggle));
    row.cells[0].prepend(toggle);
  }

  toggle(row, run, button) {
    const open = detailOf(row);
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      open.remove();
      return;
    }
    const cell = element("td", { colspan: this.columns });
    row.after(element("tr", { class: DETAIL }, cell));
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
    const host = element("div", { class: "plot" });
    cell.append(
      element("p", { class: "note" },
        "Loss by epoch: training solid, validation dashed; the vertical line is the best epoch."),
      host);
    const series = [
      { run, css, values: run.curve.loss, name: "training loss" },
      { run, css: `${css} dashed`, values: run.curve.validation, name: "validation loss" },
    ];
    new Chart(
      host, this.tooltip, "Loss by epoch of this run",
      curvesFigure(() => series, 240, run.bestEpoch));
  }

  addFilters(table) {
    this.problem = this.select("Network", this.data.problems);
    this.configuration = this.select("Optimizer", this.data.configurations);
    this.count = element("output");
    const bar = element("div", { class: "filters" }, ...[this.problem, this.configuration].map(
      (select) => element("label", {}, `${select.name} `, select)), this.count);
    table.closest(".scroll").before(bar);
    this.filter();
  }

  select(name, choices) {
    const options = choices.map(
      (choice, index) => element("option", { value: index }, choice.label));
    const select = element(
      "select", { name }, element("option", { value: "" }, "all"), ...options);
    select.addEventListener("change", () => this.filter());
    return select;
  }

  filter() {
    const matches = (select, index) => select.value === "" || Number(select.value) === index;
    let shown = 0;
    for (const { row, run } of this.rows) {
      const show =
        matches(this.problem, run.problem) && matches(this.configuration, run.configuration);
      row.hidden = !show;
      const detail = detailOf(row);
      if (detail) {
        detail.hidden = !show;
      }
      shown += show;
    }
    this.count.textContent = `${shown} of ${this.rows.length} runs`;
  }
}
