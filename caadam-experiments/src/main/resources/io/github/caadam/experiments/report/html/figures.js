/* The three figures: effects, distributions, loss curves. Each returns a function for Chart. */

const ROW = 24;
const AXIS = 44;
const WIDEST_EFFECT = 2;

/** Losses that spread over a larger ratio are drawn on a logarithmic scale. */
const WIDE = 4;

function probability(p) {
  return p < 0.0001 ? "p < 0.0001" : `p = ${significant(p, 2)}`;
}

function effectLines(effect, configuration, problem, baseline) {
  const lines = [
    `${configuration.label}, ${problem.label}`,
    `Hedges' g ${withSign(effect.g, 3)}`,
    `95 % interval ${withSign(effect.low, 3)} to ${withSign(effect.high, 3)}`,
  ];
  if (effect.improvement !== null) {
    lines.push(`${withSign(effect.improvement, 3)} % against ${baseline}`);
  }
  if (effect.p !== null) {
    lines.push(`${probability(effect.p)} (Welch, Holm)`);
  }
  return lines;
}

/** The widest interval shown in full; with two runs, intervals go on for ever. */
function effectDomain(effects) {
  const largest = Math.max(WIDEST_EFFECT, ...effects.map(({ g }) => 2 * Math.abs(g)));
  const [low, high] = extent(effects.flatMap((effect) => [effect.low, effect.high, 0]));
  return padded([Math.max(low, -largest), Math.min(high, largest)], 0.03);
}

function effectsFigure(data, group) {
  return (width) => {
    const effects = group.effects;
    const names = effects.map((effect) => data.configurations[effect.configuration].label);
    const problems = [...new Set(effects.map((effect) => effect.problem))];
    const left = gutter(names, width);
    const right = width - 18;
    const bottom = (effects.length + problems.length) * ROW + 4;
    const svg = canvas(width, bottom + AXIS);
    const domain = effectDomain(effects);
    const scale = linearScale(domain, [left, right]);
    const marks = [];
    const frame = { left, right, top: 0, bottom };
    horizontalAxis(
      svg, scale, ticks(domain, fitting(right - left)), frame,
      width < 500
        ? "Hedges' g; right is better"
        : `Hedges' g against ${group.baseline}; right is better`);
    svg.append(line(scale(0), 0, scale(0), bottom, "zero"));
    let y = ROW / 2;
    for (const problem of problems) {
      svg.append(label(0, y + 4, data.problems[problem].label, "heading"));
      y += ROW;
      for (const effect of effects.filter((candidate) => candidate.problem === problem)) {
        const configuration = data.configurations[effect.configuration];
        const lines = effectLines(effect, configuration, data.problems[problem], group.baseline);
        const mark = { y, lines };
        svg.append(nameLabel(left, y, configuration.label));
        svg.append(interval(effect, scale, domain, y, configuration.css));
        const x = scale(Math.min(Math.max(effect.g, domain[0]), domain[1]));
        svg.append(circle(x, y, 4.5, `dot ${configuration.css}`));
        marks.push({ ...mark, x });
        y += ROW;
      }
    }
    return { svg, marks };
  };
}

/** A line from end to end; an end outside the figure is an arrow. */
function interval(effect, scale, [least, most], y, css) {
  const low = scale(Math.max(effect.low, least));
  const high = scale(Math.min(effect.high, most));
  const group = svgElement("g", { class: `interval ${css}` }, line(low, y, high, y, ""));
  const end = (x, clipped, side) =>
    clipped
      ? svgElement("path", { d: `M${x + 5 * side},${y - 4}L${x},${y}L${x + 5 * side},${y + 4}` })
      : line(x, y - 4, x, y + 4, "");
  group.append(end(low, effect.low < least, 1), end(high, effect.high > most, -1));
  return group;
}

function distributionFigure(data, problem, runs) {
  return (width) => {
    const present = [...new Set(runs.map((run) => run.configuration))];
    const left = gutter(present.map((index) => data.configurations[index].label), width);
    const right = width - 18;
    const bottom = present.length * ROW + 4;
    const svg = canvas(width, bottom + AXIS);
    const domain = padded(extent(runs.map((run) => run.value)), 0.04);
    const scale = linearScale(domain, [left, right]);
    const marks = [];
    horizontalAxis(
      svg, scale, ticks(domain, fitting(right - left)), { left, right, top: 0, bottom },
      data.groups[problem.group].metric);
    present.forEach((index, place) => {
      const configuration = data.configurations[index];
      const y = (place + 0.5) * ROW;
      const own = runs.filter((run) => run.configuration === index);
      const mean = own.reduce((sum, run) => sum + run.value, 0) / own.length;
      svg.append(nameLabel(left, y, configuration.label));
      own.forEach((run, i) => {
        const mark = { x: scale(run.value), y: y + ((i * 2) % 5 - 2) * 2.4 };
        svg.append(circle(mark.x, mark.y, 3.5, `run ${configuration.css}`));
        marks.push({ ...mark, lines: runLines(data, run, configuration) });
      });
      svg.append(line(scale(mean), y - 10, scale(mean), y + 10, `mean ${configuration.css}`));
    });
    return { svg, marks };
  };
}

function runLines(data, run, configuration) {
  const metric = data.groups[data.problems[run.problem].group].metric;
  const lines = [
    `${configuration.label}, run ${run.run}`,
    `${metric} ${significant(run.value, 6)}`,
  ];
  if (run.id) {
    lines.push(`id ${run.id}`);
  }
  return lines;
}

/** The epoch, from 0, that a point of a curve stands for: long histories are thinned out. */
function epochAt(run, index, length) {
  return index === length - 1 ? run.epochs - 1 : index * run.curve.every;
}

/** The points of a series; where a value was not finite there is none. */
function pointsOf({ run, values }, x, y) {
  return values.flatMap((value, index) => {
    const epoch = epochAt(run, index, values.length) + 1;
    return value === null ? [] : [{ x: x(epoch), y: y(value), epoch, value }];
  });
}

/**
 * Curves over epochs. A series has a run, values, a class, a name and perhaps a class for its dash.
 */
function curvesFigure(seriesOf, height, markedEpoch) {
  return (width) => {
    const series = seriesOf();
    const left = 52;
    const right = width - 18;
    const bottom = height - AXIS;
    const svg = canvas(width, height);
    if (series.length === 0) {
      const text = "All optimizers are switched off.";
      svg.append(label(width / 2, height / 2, text, "axis", "middle"));
      return { svg, marks: [] };
    }
    const values = series.flatMap((one) => one.values).filter((value) => value !== null);
    const domain = extent(values);
    const logarithmic = domain[0] > 0 && domain[1] / domain[0] > WIDE;
    const vertical = logarithmic ? domain : padded(domain, 0.04);
    const y = (logarithmic ? logScale : linearScale)(vertical, [bottom, 8]);
    const epochs = [1, Math.max(2, ...series.map((one) => one.run.epochs))];
    const x = linearScale(epochs, [left, right]);
    const marks = [];
    const wholeEpochs = ticks(epochs, fitting(right - left)).filter(Number.isInteger);
    horizontalAxis(
      svg, x, wholeEpochs, { left, right, top: 8, bottom },
      logarithmic ? "epoch (loss on a logarithmic scale)" : "epoch");
    verticalAxis(svg, y, logarithmic ? logTicks(domain) : ticks(vertical, 6), { left, right });
    if (markedEpoch !== undefined) {
      svg.append(line(x(markedEpoch + 1), 8, x(markedEpoch + 1), bottom, "zero"));
    }
    for (const one of series) {
      const points = pointsOf(one, x, y);
      svg.append(svgElement("polyline", {
        points: points.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(" "),
        class: `curve ${one.css}`,
      }));
      marks.push(...points.map((point) => ({
        x: point.x, y: point.y, lines: [one.name, `epoch ${point.epoch}`, `loss ${point.value}`],
      })));
    }
    return { svg, marks };
  };
}

function trainingSeries(data, runs, hidden) {
  return runs
    .filter((run) => run.curve && !hidden.has(run.configuration))
    .map((run) => {
      const { label: name, css } = data.configurations[run.configuration];
      return { run, css, values: run.curve.loss, name: `${name}, run ${run.run}` };
    });
}
