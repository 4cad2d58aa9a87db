/* Elements. Text always becomes text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svgElement(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** A number with so many significant digits, without an exponent where that is readable. */
function significant(value, digits = 4) {
  if (value === null || value === undefined) {
    return "–";
  }
  const rounded = Number(value.toPrecision(digits));
  return rounded !== 0 && Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
}

function withSign(value, digits) {
  return (value > 0 ? "+" : "") + significant(value, digits);
}

function shorten(text, characters) {
  return text.length <= characters ? text : text.slice(0, Math.max(1, characters - 1)) + "…";
}
