/* Saves figures as SVG, PNG and CSV, from this page alone. */

const INLINED = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
  "font-size", "font-weight", "font-family",
];

/** Twice the size of the screen, so that it can be printed. */
const PNG_SCALE = 2;

function csvCell(value) {
  let text = value === null || value === undefined ? "" : String(value);
  // What begins like this is a formula for spreadsheets, unless it is a number.
  if (typeof value !== "number" && /^[=+\-@\t\r]/.test(text)) {
    text = `'${text}`;
  }
  return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
}

function csv(rows) {
  return rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

function fileName(title, extension) {
  const name = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${name.slice(0, 60) || "figure"}.${extension}`;
}

function save(name, type, ...parts) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The figure as a file of its own: with its styles inside, on the page's background. */
function standalone(svg, title) {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((node, index) => {
    const style = getComputedStyle(originals[index]);
    INLINED.forEach((name) => node.setAttribute(name, style.getPropertyValue(name)));
    node.removeAttribute("class");
  });
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const background = getComputedStyle(document.body).backgroundColor;
  copy.prepend(
    svgElement("title", {}, title),
    svgElement("rect", { width, height, fill: background, stroke: "none" }));
  fill(copy, { xmlns: SVG, width, height }, []);
  return { width, height, text: new XMLSerializer().serializeToString(copy) };
}

function savePng(svg, title) {
  const { width, height, text } = standalone(svg, title);
  const image = new Image();
  image.addEventListener("load", () => {
    const sheet = element("canvas", { width: width * PNG_SCALE, height: height * PNG_SCALE });
    sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
    sheet.toBlob((blob) => save(fileName(title, "png"), "image/png", blob));
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

/** Buttons that save a chart. */
function saveButtons(chart, titleOf) {
  const actions = {
    PNG: () => savePng(chart.svg, titleOf()),
    SVG: () => save(fileName(titleOf(), "svg"), "image/svg+xml", standalone(chart.svg, titleOf()).text),
    CSV: () => save(fileName(titleOf(), "csv"), "text/csv", csv(chart.rows)),
  };
  const buttons = Object.entries(actions).map(([name, action]) => {
    const button = element(
      "button", { type: "button", "aria-label": `Save as ${name}: ${titleOf()}` }, name);
    button.addEventListener("click", () => {
      chart.appear();
      action();
    });
    return button;
  });
  return element("span", { class: "saves" }, ...buttons);
}
