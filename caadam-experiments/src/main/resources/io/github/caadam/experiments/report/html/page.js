/* Brings the page to life. Without this, it has its words and tables. */

function addLegend(host, data, runs, hidden, redraw) {
  const present = [...new Set(runs.filter((run) => run.curve).map((run) => run.configuration))];
  const legend = element("div", { class: "legend" });
  for (const index of present) {
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
    legend.append(button);
  }
  host.before(legend);
}

function addCurves(host, data, runs, tooltip, title) {
  const hidden = new Set();
  const chart = new Chart(
    host, tooltip, title, curvesFigure(() => trainingSeries(data, runs, hidden), 340));
  addLegend(host, data, runs, hidden, () => chart.redraw());
}

function addFigure(host, data, tooltip) {
  const title = host.closest("figure").querySelector("figcaption").textContent.trim();
  const index = Number(host.dataset.index);
  const runs = data.runs.filter((run) => run.problem === index);
  switch (host.dataset.figure) {
    case "effects":
      return new Chart(host, tooltip, title, effectsFigure(data, data.groups[index]));
    case "distribution":
      return new Chart(
        host, tooltip, title, distributionFigure(data, data.problems[index], runs));
    default:
      return addCurves(host, data, runs, tooltip, title);
  }
}

document.documentElement.classList.add("live");
const data = JSON.parse(document.getElementById("data").textContent);
const tooltip = new Tooltip();
document.querySelectorAll("table.sortable").forEach(makeSortable);
new RunsTable(document.getElementById("runs-table"), data, tooltip);
document.querySelectorAll("[data-figure]").forEach((host) => addFigure(host, data, tooltip));
