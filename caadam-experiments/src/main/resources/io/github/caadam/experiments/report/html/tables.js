/* Tables that sort by the column whose header is pressed, and show the rows that hold a text. */

const FILTERED = 8;

function sortKey(row, column) {
  const cell = row.cells[column];
  return cell.dataset.sort ?? cell.textContent.trim();
}

const collator = new Intl.Collator("en", { numeric: true });

/** Compares numbers; what is none stays at the end either way. */
function compareNumbers(x, y, direction) {
  const [noX, noY] = [x === null || Number.isNaN(x), y === null || Number.isNaN(y)];
  return noX || noY ? noX - noY : direction * (x < y ? -1 : x > y ? 1 : 0);
}

function comparator(column, numeric, direction) {
  return (one, other) => {
    const a = sortKey(one, column);
    const b = sortKey(other, column);
    return numeric
      ? compareNumbers(Number.parseFloat(a), Number.parseFloat(b), direction)
      : direction * collator.compare(a, b);
  };
}

/** Marks a header as that by which rows are sorted; returns 1 if they go up, else -1. */
function turn(header) {
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  for (const other of header.parentElement.cells) {
    other.removeAttribute("aria-sort");
  }
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  return ascending ? 1 : -1;
}

function sortTable(table, header) {
  const body = table.tBodies[0];
  const compare = comparator(header.cellIndex, header.classList.contains("number"), turn(header));
  body.append(...[...body.rows].sort(compare));
}

function makeSortable(table) {
  for (const header of table.tHead.rows[0].cells) {
    const button = element("button", { type: "button", class: "sort" }, ...header.childNodes);
    button.addEventListener("click", () => sortTable(table, header));
    header.append(button);
  }
}

function textFilter(label, listen) {
  const input = element("input", { type: "search", autocomplete: "off", size: "16" });
  input.addEventListener("input", () => listen(input.value.trim().toLowerCase()));
  return element("label", {}, `${label} `, input);
}

/** A bar over a table of several rows, which filters them and saves those that are shown. */
function makeFilterable(table) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length <= FILTERED) {
    return;
  }
  const saving = element("button", { type: "button" }, "Save as CSV");
  saving.addEventListener(
    "click", () => save(fileName(table.id, "csv"), "text/csv", csv(tableRows(table))));
  const count = element("output");
  const filter = (text) => {
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(text);
      shown += !row.hidden;
    }
    count.textContent = text ? `${shown} of ${rows.length} rows` : "";
  };
  const bar = element("div", { class: "filters" }, textFilter("Show rows with", filter), saving, count);
  table.closest(".scroll").before(bar);
}
