/* Brings the page to life. Without this, it has its picture, its words and tables. */

/** More figures of a kind than these are chosen from a list. */
const SIDE_BY_SIDE = 6;

/** Buttons that take what they name out of the figures, and put it in again. */
function legend(data, present, hidden, redraw) {
  const buttons = present.map((index) => {
    const { label: name, css } = data.configurations[index];
    const button = element(
      "button", { type: "button", "aria-pressed": "true" },
      element("span", { class: `swatch ${css}` }), name);
    button.addEventListener("click", () => {
      const show = hidden.has(index);
      if (show) {
        hidden.delete(index);
      } else {
        hidden.add(index);
      }
      button.setAttribute("aria-pressed", String(show));
      redraw();
    });
    return button;
  });
  return element("div", { class: "legend", role: "group", "aria-label": "Optimizers" }, ...buttons);
}

function choice(name, values, listen) {
  const options = values.map(([value, text]) => element("option", { value }, text));
  const select = element("select", {}, ...options);
  select.addEventListener("change", () => listen(select.value));
  return element("label", {}, `${name} `, select);
}

/** The figures of a kind: what each is called and drawn by, and what it can be told to show. */
class Plots {
  constructor(host, data, runs, tooltip) {
    this.host = host;
    this.data = data;
    this.runs = runs;
    this.tooltip = tooltip;
    this.kind = host.dataset.figures;
    this.places = host.dataset.places.split(" ").map(Number);
    this.hidden = new Set();
    this.unit = "epochs";
    this.loss = "loss";
    this.charts = [];
    const controls = element("div", { class: "filters" });
    if (this.kind === "curves") {
      controls.append(
        choice("By", [["epochs", "epoch"], ["seconds", "second"]], (unit) => {
          this.unit = unit;
          this.redraw();
        }),
        choice("Loss", [["loss", "training"], ["validation", "validation"]], (loss) => {
          this.loss = loss;
          this.redraw();
        }));
    }
    if (this.places.length > SIDE_BY_SIDE) {
      const names = this.places.map((place) => [place, this.titleOf(place)]);
      controls.append(choice("Show", names, (place) => this.fill([Number(place)])));
    }
    if (controls.childElementCount > 0) {
      host.before(controls);
    }
    if (this.kind !== "distribution") {
      host.before(legend(data, this.present(), this.hidden, () => this.redraw()));
    }
    this.fill(this.places.length > SIDE_BY_SIDE ? [this.places[0]] : this.places);
  }

  /** The configurations of any figure. */
  present() {
    const all = this.kind === "curves"
      ? this.places.flatMap((place) => this.runs.cellsOf(place).map((cell) => cell.configuration))
      : this.places.flatMap((place) => this.figure(place).series.map((one) => one.configuration));
    return distinct(all).sort((a, b) => a - b);
  }

  figure(place) {
    return this.data[this.kind][place];
  }

  titleOf(place) {
    switch (this.kind) {
      case "curves":
        return `${this.data.problems[place].label}: ${this.loss === "loss" ? "training" : "validation"} loss`;
      case "distribution": {
        const { label: problem, group } = this.data.problems[place];
        return `${problem}: ${this.data.groups[group].metric} of every run`;
      }
      default:
        return this.figure(place).title;
    }
  }

  drawer(place) {
    switch (this.kind) {
      case "curves":
        return curvesFigure(() => this.curves(place), 300, () => this.unit);
      case "distribution":
        return distributionFigure(this.data, place, this.runs);
      case "steps":
        return stepsFigure(this.data, this.figure(place), () => this.shown(place));
      default:
        return ratesFigure(this.data, this.figure(place), () => this.shown(place));
    }
  }

  shown(place) {
    return this.figure(place).series.filter((one) => !this.hidden.has(one.configuration));
  }

  curves(place) {
    return this.runs.curvesOf(place)
      .filter((run) => !this.hidden.has(run.configuration))
      .map((run) => {
        const { label: name, css } = this.data.configurations[run.configuration];
        return {
          run, every: run.curve.every, values: run.curve[this.loss],
          css: `${css} ${dashOf(this.data, run.configuration)}`, name: `${name}, run ${run.run}`,
        };
      });
  }

  fill(places) {
    this.host.replaceChildren();
    this.host.classList.toggle("wide", places.length === 1);
    this.charts = places.map((place) => {
      const plot = element("div", { class: "plot", "data-figure": this.kind, "data-index": place });
      const caption = element("figcaption", {}, this.titleOf(place));
      this.host.append(element("figure", {}, caption, plot));
      const chart = new Chart(plot, this.tooltip, this.titleOf(place), this.drawer(place));
      caption.append(saveButtons(
        () => this.titleOf(place),
        () => chartImage(chart.drawn().svg, this.titleOf(place)),
        () => chart.drawn().rows));
      return { chart, caption, place };
    });
  }

  redraw() {
    for (const { chart, caption, place } of this.charts) {
      chart.title = this.titleOf(place);
      caption.firstChild.data = chart.title;
      chart.redraw();
    }
  }
}

document.documentElement.classList.add("live");
const data = JSON.parse(document.getElementById("data").textContent);
const runs = new Runs(data);
const tooltip = new Tooltip();
document.querySelectorAll(".picture").forEach(addPictureButtons);
document.querySelectorAll("table.sortable").forEach((table) => {
  makeSortable(table);
  makeFilterable(table);
});
document.querySelectorAll("[data-figures]").forEach((host) => new Plots(host, data, runs, tooltip));
new RunsTable(document.getElementById("runs-table"), data, runs, tooltip);
