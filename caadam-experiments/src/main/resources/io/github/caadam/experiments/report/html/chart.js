/* What the figures share: scales, axes, and the values that show under the pointer. */

const REACH = 28;
const LETTER = 7.3;

function linearScale([low, high], [from, to]) {
  const factor = (to - from) / (high - low || 1);
  return (value) => from + (value - low) * factor;
}

function logScale([low, high], range) {
  const scale = linearScale([Math.log(low), Math.log(high)], range);
  return (value) => scale(Math.log(value));
}

/** Round numbers within a range, about as many as asked for. */
function ticks([low, high], count) {
  const raw = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= raw);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Powers of ten within a range, and the more of their multiples the narrower it is. */
function logTicks([low, high]) {
  const digits = high / low > 1000 ? [1] : high / low > 20 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    values.push(...digits.map((digit) => digit * 10 ** power));
  }
  return values.filter((value) => value >= low && value <= high);
}

/** How many ticks fit a width. */
function fitting(width) {
  return Math.max(3, width / 80);
}

function padded([low, high], share) {
  const margin = (high - low) * share || Math.abs(low) * 0.05 || 1;
  return [low - margin, high + margin];
}

function extent(values) {
  return values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

function line(x1, y1, x2, y2, css) {
  return svgElement("line", { x1, y1, x2, y2, class: css });
}

function circle(cx, cy, r, css) {
  return svgElement("circle", { cx, cy, r, class: css });
}

function label(x, y, text, css = "", anchor = "start") {
  return svgElement("text", { x, y, class: css, "text-anchor": anchor }, text);
}

/** Room for the names at the left of a figure. */
function gutter(names, width) {
  const longest = Math.max(...names.map((name) => name.length));
  return Math.min(longest * LETTER + 14, width * 0.48);
}

function nameLabel(x, y, name) {
  const text = label(x - 8, y + 4, shorten(name, Math.floor((x - 8) / LETTER)), "", "end");
  text.append(svgElement("title", {}, name));
  return text;
}

function horizontalAxis(svg, scale, values, { left, right, top, bottom }, title) {
  let free = -Infinity;
  for (const value of values) {
    const x = scale(value);
    const text = significant(value);
    const half = (text.length * LETTER) / 2;
    svg.append(line(x, top, x, bottom, "grid"));
    if (x - half > free) {
      svg.append(label(x, bottom + 16, text, "tick", "middle"));
      free = x + half + 4;
    }
  }
  svg.append(label((left + right) / 2, bottom + 34, title, "axis", "middle"));
}

function verticalAxis(svg, scale, values, { left, right }) {
  for (const value of values) {
    const y = scale(value);
    svg.append(line(left, y, right, y, "grid"));
    svg.append(label(left - 6, y + 4, significant(value), "tick", "end"));
  }
}

/** The box beside the pointer. There is one for the page. */
class Tooltip {
  constructor() {
    this.box = element("div", { class: "tooltip", role: "status", hidden: "" });
    document.body.append(this.box);
  }

  show(lines, x, y) {
    this.box.replaceChildren(...lines.map((text) => element("div", {}, text)));
    this.box.hidden = false;
    const { width, height } = this.box.getBoundingClientRect();
    const left = Math.min(x + 14, document.documentElement.clientWidth - width - 4);
    const above = y - height - 12;
    this.box.style.left = `${Math.max(4, left)}px`;
    this.box.style.top = `${above < 4 ? y + 18 : above}px`;
  }

  hide() {
    this.box.hidden = true;
  }
}

/** Draws figures when they come near the screen, and all of them before the page is printed. */
const waiting = new Map();
const nearby = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      waiting.get(target)?.appear();
    }
  }
}, { rootMargin: "600px" });
window.addEventListener("beforeprint", () => [...waiting.values()].forEach((one) => one.appear()));

/**
 * A figure in an element. `draw(width)` returns its SVG, its marks, which are places in it with the
 * lines of text that belong there, and its numbers as rows of a table. It is drawn again when the
 * width changes. Arrow keys go from mark to mark.
 */
class Chart {
  constructor(host, tooltip, title, draw) {
    this.host = host;
    this.tooltip = tooltip;
    this.title = title;
    this.draw = draw;
    host.addEventListener("pointermove", (event) => this.point(event));
    host.addEventListener("pointerdown", (event) => this.point(event));
    host.addEventListener("pointerleave", () => this.leave());
    host.addEventListener("focusout", () => this.leave());
    host.addEventListener("keydown", (event) => this.step(event));
    waiting.set(host, this);
    nearby.observe(host);
  }

  appear() {
    nearby.unobserve(this.host);
    waiting.delete(this.host);
    new ResizeObserver(() => this.resize()).observe(this.host);
    this.resize();
  }

  resize() {
    const width = Math.floor(this.host.clientWidth);
    if (width > 0 && width !== this.width) {
      this.width = width;
      this.redraw();
    }
  }

  /** The chart, drawn now if it was not before. */
  drawn() {
    if (!this.svg) {
      this.appear();
    }
    return this;
  }

  /** Draws again, if it was drawn at all. */
  redraw() {
    if (!this.width) {
      return;
    }
    const { svg, marks, rows } = this.draw(this.width);
    const hint = marks.length > 0 ? "; arrow keys read the values" : "";
    fill(svg, { role: "img", "aria-label": this.title + hint, tabindex: "0" }, []);
    this.halo = svgElement("circle", { r: 7, class: "halo", visibility: "hidden" });
    svg.append(this.halo);
    this.svg = svg;
    this.marks = marks;
    this.rows = rows;
    this.current = -1;
    this.host.replaceChildren(svg);
  }

  point(event) {
    if (!this.svg) {
      return;
    }
    const box = this.svg.getBoundingClientRect();
    const scale = this.width / box.width;
    const x = (event.clientX - box.left) * scale;
    const y = (event.clientY - box.top) * scale;
    let nearest = -1;
    let least = REACH;
    this.marks.forEach((mark, index) => {
      const distance = Math.hypot(mark.x - x, mark.y - y);
      if (distance < least) {
        least = distance;
        nearest = index;
      }
    });
    if (nearest < 0) {
      this.leave();
    } else {
      this.select(nearest);
    }
  }

  step(event) {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (move && this.marks.length > 0) {
      event.preventDefault();
      this.select((this.current + move + this.marks.length) % this.marks.length);
    } else if (event.key === "Escape") {
      this.leave();
    }
  }

  select(index) {
    const mark = this.marks[index];
    const box = this.svg.getBoundingClientRect();
    const scale = box.width / this.width;
    this.current = index;
    fill(this.halo, { cx: mark.x, cy: mark.y, visibility: "visible" }, []);
    this.tooltip.show(mark.lines, box.left + mark.x * scale, box.top + mark.y * scale);
  }

  leave() {
    this.halo?.setAttribute("visibility", "hidden");
    this.tooltip.hide();
  }
}

function canvas(width, height) {
  return svgElement("svg", { viewBox: `0 0 ${width} ${height}` });
}
