/* The figures of runs: distributions, losses, steps, learning rates. Each makes a function for Chart. */

const ROW = 24;
const AXIS = 44;

/** More runs than these are drawn as so many of evenly spaced ranks. */
const DOTS = 150;

/** Losses that spread over a larger ratio are drawn on a logarithmic scale. */
const WIDE = 4;

function named(configurations, index) {
  return configurations[index].label;
}

/** Where several lines have a colour, the second is dashed, the third dotted, and so on. */
const DASHES = ["", "dashed", "dotted", "dash-dotted"];

function dashOf(data, index) {
  data.dashes ??= (() => {
    const rules = getComputedStyle(document.body);
    const seen = new Map();
    const probe = element("i", { hidden: "" });
    document.body.append(probe);
    const dashes = data.configurations.map(({ css }) => {
      probe.className = css;
      const color = getComputedStyle(probe).getPropertyValue("--color") || rules.color;
      const before = seen.get(color) ?? 0;
      seen.set(color, before + 1);
      return DASHES[before % DASHES.length];
    });
    probe.remove();
    return dashes;
  })();
  return data.dashes[index];
}

function evenly(runs) {
  if (runs.length <= DOTS) {
    return runs;
  }
  const step = (runs.length - 1) / (DOTS - 1);
  const sorted = [...runs].sort((one, other) => one.value - other.value);
  return Array.from({ length: DOTS }, (_, i) => sorted[Math.round(i * step)]);
}

function distributionFigure(data, place, runs) {
  const { metric, unit } = data.groups[data.problems[place].group];
  return (width) => {
    const cells = runs.cellsOf(place);
    const left = gutter(cells.map((cell) => named(data.configurations, cell.configuration)), width);
    const right = width - 18;
    const bottom = cells.length * ROW + 4;
    const svg = canvas(width, bottom + AXIS);
    const own = cells.map((cell) => runs.of(cell));
    const domain = padded(extent(own.flat().map((run) => run.value)), 0.04);
    const scale = linearScale(domain, [left, right]);
    const marks = [];
    horizontalAxis(
      svg, scale, ticks(domain, fitting(right - left)), { left, right, top: 0, bottom },
      unit ? `${metric} (${shorten(unit, 24)})` : metric);
    cells.forEach((cell, row) => {
      const configuration = data.configurations[cell.configuration];
      const y = (row + 0.5) * ROW;
      const mean = own[row].reduce((sum, run) => sum + run.value, 0) / own[row].length;
      svg.append(nameLabel(left, y, configuration.label));
      evenly(own[row]).forEach((run, i) => {
        const mark = { x: scale(run.value), y: y + ((i * 2) % 5 - 2) * 2.4 };
        svg.append(circle(mark.x, mark.y, 3.5, `run ${configuration.css}`));
        marks.push({ ...mark, lines: runLines(data, run) });
      });
      svg.append(line(scale(mean), y - 10, scale(mean), y + 10, `mean ${configuration.css}`));
    });
    const rows = [["optimizer", "run", metric]].concat(
      own.flat().map((run) => [named(data.configurations, run.configuration), run.run, run.value]));
    return { svg, marks, rows };
  };
}

function runLines(data, run) {
  const { metric } = data.groups[data.problems[run.problem].group];
  const lines = [
    `${named(data.configurations, run.configuration)}, run ${run.run}`,
    `${metric} ${significant(run.value, 6)}`,
  ];
  if (run.id) {
    lines.push(`id ${run.id}`);
  }
  return lines;
}

/** The epoch, from 1, that a point of a curve stands for: long histories are thinned out. */
function epochAt({ run, every }, index, length) {
  return (index === length - 1 ? run.epochs - 1 : index * every) + 1;
}

/** How far a run was at an epoch: in epochs, or in seconds, of which each takes the same share. */
function progress(run, epoch, unit) {
  return unit === "seconds" ? (run.seconds * epoch) / run.epochs : epoch;
}

/**
 * Curves over epochs or seconds. A series has a run, values, how many epochs lie between them, a
 * class and a name.
 */
function curvesFigure(seriesOf, height, unitOf, markedEpoch) {
  return (width) => {
    const series = seriesOf();
    const unit = unitOf();
    const left = 52;
    const right = width - 18;
    const bottom = height - AXIS;
    const svg = canvas(width, height);
    const values = series.flatMap((one) => one.values).filter((value) => value !== null);
    if (values.length === 0) {
      svg.append(label(width / 2, height / 2, "Nothing to draw.", "axis", "middle"));
      return { svg, marks: [], rows: [] };
    }
    const domain = extent(values);
    const logarithmic = domain[0] > 0 && domain[1] / domain[0] > WIDE;
    const vertical = logarithmic ? domain : padded(domain, 0.04);
    const y = (logarithmic ? logScale : linearScale)(vertical, [bottom, 8]);
    const ends = series.map(({ run }) => progress(run, run.epochs, unit));
    const reach = unit === "seconds" ? [0, Math.max(...ends)] : [1, Math.max(2, ...ends)];
    const x = linearScale(reach, [left, right]);
    const marks = [];
    const rows = [["series", "epoch", unit === "seconds" ? "seconds" : "", "loss"]];
    const whole = ticks(reach, fitting(right - left))
      .filter((tick) => unit === "seconds" || Number.isInteger(tick));
    horizontalAxis(
      svg, x, whole, { left, right, top: 8, bottom },
      (unit === "seconds" ? "seconds" : "epoch")
        + (logarithmic ? " (loss on a logarithmic scale)" : ""));
    verticalAxis(svg, y, logarithmic ? logTicks(domain) : ticks(vertical, 6), { left, right });
    if (markedEpoch !== undefined && markedEpoch !== null) {
      const at = x(progress(series[0].run, markedEpoch + 1, unit));
      svg.append(line(at, 8, at, bottom, "zero"));
    }
    for (const one of series) {
      const points = [];
      one.values.forEach((value, index) => {
        const epoch = epochAt(one, index, one.values.length);
        const at = progress(one.run, epoch, unit);
        if (value !== null && Number.isFinite(at)) {
          points.push(`${x(at).toFixed(1)},${y(value).toFixed(1)}`);
          const time = unit === "seconds" ? [`${significant(at, 3)} seconds`] : [];
          marks.push({
            x: x(at), y: y(value), lines: [one.name, `epoch ${epoch}`, ...time, `loss ${value}`],
          });
          rows.push([one.name, epoch, unit === "seconds" ? at : "", value]);
        }
      });
      svg.append(svgElement("polyline", { points: points.join(" "), class: `curve ${one.css}` }));
    }
    return { svg, marks, rows };
  };
}

/** Shares that go up by steps, from where a line starts to the right end. */
function stepsFigure(data, figure, shownOf) {
  return (width) => {
    const series = shownOf();
    const left = 52;
    const right = width - 18;
    const height = 280;
    const bottom = height - AXIS;
    const svg = canvas(width, height);
    const all = figure.series.flatMap((one) => one.at);
    const start = figure.logarithmic ? 1 : 0;
    const most = Math.max(...all, start + (figure.logarithmic ? 0.1 : 1e-9));
    const logarithmic = figure.logarithmic && most > 3;
    const horizontal = logarithmic ? [start, most * 1.05] : [start, start + (most - start) * 1.04];
    const x = (logarithmic ? logScale : linearScale)(horizontal, [left, right]);
    const y = linearScale([0, 1], [bottom, 8]);
    const marks = [];
    const rows = [["optimizer", figure.x, figure.y]];
    horizontalAxis(
      svg, x, logarithmic ? logTicks(horizontal) : ticks(horizontal, fitting(right - left)),
      { left, right, top: 8, bottom }, figure.x);
    verticalAxis(svg, y, [0, 0.25, 0.5, 0.75, 1], { left, right });
    for (const one of series) {
      const { label: name, css } = data.configurations[one.configuration];
      const path = [`M${left},${bottom}`];
      one.at.forEach((value, index) => {
        const share = (index + 1) / one.of;
        path.push(`H${x(value).toFixed(1)}V${y(share).toFixed(1)}`);
        if (value !== one.at[index + 1]) {
          marks.push({
            x: x(value), y: y(share),
            lines: [name, `${figure.x} ${significant(value)}`, `${figure.y} ${significant(share, 3)}`],
          });
          rows.push([name, value, share]);
        }
      });
      path.push(`H${right}`);
      svg.append(svgElement("path", {
        d: path.join(""), class: `level ${css} ${dashOf(data, one.configuration)}`,
      }));
    }
    return { svg, marks, rows };
  };
}

function ratesFigure(data, figure, shownOf) {
  return (width) => {
    const series = shownOf();
    const left = 52;
    const right = width - 18;
    const height = 300;
    const bottom = height - AXIS;
    const svg = canvas(width, height);
    const points = figure.series.flatMap((one) => one.points);
    const ratesRange = extent(points.map(([rate]) => rate));
    const x = logScale([ratesRange[0] / 1.25, ratesRange[1] * 1.25], [left, right]);
    const [least, most] = extent(points.map(([, mean]) => mean));
    const room = most - least || Math.abs(most) * 0.2;
    const [lowest, highest] = extent(points.flatMap(([, , low, high]) => [low, high]));
    // Intervals of few runs go on for ever.
    const domain = [
      Math.max(lowest, least > 0 ? Math.max(least - room, least / 4) : least - room),
      Math.min(highest, most + room),
    ];
    const within = (value) => Math.min(Math.max(value, domain[0]), domain[1]);
    const logarithmic = domain[0] > 0 && domain[1] / domain[0] > WIDE;
    const vertical = logarithmic ? domain : padded(domain, 0.05);
    const y = (logarithmic ? logScale : linearScale)(vertical, [bottom, 8]);
    const marks = [];
    const rows = [["optimizer", "learning rate", figure.y, "low", "high", "n"]];
    horizontalAxis(
      svg, x, [...new Set(points.map(([rate]) => rate))].sort((a, b) => a - b),
      { left, right, top: 8, bottom }, "learning rate (logarithmic)");
    verticalAxis(svg, y, logarithmic ? logTicks(domain) : ticks(vertical, 6), { left, right });
    for (const one of series) {
      const { label: name, css } = data.configurations[one.configuration];
      svg.append(svgElement("polyline", {
        points: one.points.map(([rate, mean]) => `${x(rate).toFixed(1)},${y(mean).toFixed(1)}`)
          .join(" "),
        class: `level ${css} ${dashOf(data, one.configuration)}`,
      }));
      for (const [rate, mean, low, high, n] of one.points) {
        svg.append(
          line(x(rate), y(within(low)), x(rate), y(within(high)), `interval ${css}`));
        svg.append(circle(x(rate), y(mean), 4, `dot ${css}`));
        marks.push({
          x: x(rate), y: y(mean),
          lines: [name, `learning rate ${significant(rate)}`, `${figure.y} ${significant(mean)}`,
            `95 % interval ${significant(low)} to ${significant(high)}`, `n ${n}`],
        });
        rows.push([name, rate, mean, low, high, n]);
      }
    }
    return { svg, marks, rows };
  };
}
