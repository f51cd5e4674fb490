// A cell of the strategy table: reading its value from the page, filling its form, showing what was typed.

/** The value a cell (or a proposal's text) shows, in the names of its form's fields. */
export function read(kind, place) {
  const text = (selector) => place.querySelector(selector)?.textContent ?? "";
  const items = [...place.querySelectorAll("ul > li")];
  switch (kind) {
    case "areas":
      return { areas: [...place.querySelectorAll("[data-area]")].map((chip) => chip.dataset.area) };
    case "responsible":
      return {
        who: items.map((li) => ({
          name: li.querySelector("b").textContent,
          person: li.dataset.person ?? "",
          lead: li.classList.contains("lead"),
        })),
        why: text(".why"),
      };
    case "student_effects":
    case "teacher_effects":
      return {
        lines: items.map((li) => li.querySelector("span").textContent).join("\n"),
        supports: Object.fromEntries(
          items.filter((li) => li.dataset.support).map((li) => [li.querySelector("span").textContent, li.dataset.support]),
        ),
      };
    default:
      return { text: text(".text") };
  }
}

/** Two values as one to work from: every word of both. */
export function combine(kind, stands, mine) {
  const union = (a, b, key = (one) => one) => [...a, ...b.filter((one) => !a.some((other) => key(other) === key(one)))];
  const join = (a, b) => union(a.split("\n"), b.split("\n")).filter(Boolean).join("\n");
  switch (kind) {
    case "areas":
      return { areas: union(stands.areas, mine.areas) };
    case "responsible": {
      const who = union(stands.who, mine.who, (one) => one.person || one.name);
      const lead = who.find((one) => one.lead);
      return { who: who.map((one) => ({ ...one, lead: one === lead })), why: join(stands.why, mine.why) };
    }
    case "student_effects":
    case "teacher_effects":
      return { lines: join(stands.lines, mine.lines), supports: { ...mine.supports, ...stands.supports } };
    default:
      return { text: join(stands.text, mine.text) };
  }
}

export function fill(form, value) {
  for (const [name, one] of Object.entries(value)) {
    if (name === "who") fillPeople(form, one);
    else if (name === "areas") for (const box of form.elements.areas) box.checked = one.includes(box.value);
    else form.elements[name].value = name === "supports" ? JSON.stringify(one) : one;
  }
}

function fillPeople(form, people) {
  const place = form.querySelector("[data-people]");
  while (place.children.length < people.length + 1) addLine(place);
  people.forEach((one, n) => {
    const [name, person, lead] = place.children[n].querySelectorAll("input");
    [name.value, person.value, lead.checked] = [one.name, one.person, one.lead];
  });
}

/** There is always an empty line to write the next name on. */
export function addLine(place) {
  const line = place.lastElementChild.cloneNode(true);
  const [name, person, lead] = line.querySelectorAll("input");
  [name.value, person.value, lead.checked, lead.value] = ["", "", false, String(place.children.length)];
  place.append(line);
}

export const fields = (form) =>
  [...new FormData(form)].filter(([name]) => !["op_id", "base_version", "csrfmiddlewaretoken"].includes(name));

/** What was typed, shown in the cell before the server has answered. */
export function preview(kind, form) {
  const shown = document.createElement("div");
  const add = (parent, tag, text, extra = {}) => parent.append(Object.assign(document.createElement(tag), { textContent: text, ...extra }));
  const list = (texts) => texts.length && shown.append(document.createElement("ul")) === undefined && texts.forEach((text) => add(shown.lastChild, "li", text));
  if (kind === "areas") {
    for (const box of form.querySelectorAll("[name=areas]:checked")) {
      add(shown, "span", form.querySelector(`label[for="${box.id}"] b`).textContent, { className: "chip" });
    }
  } else if (kind === "responsible") {
    list([...form.querySelectorAll("[name=who]")].map((input) => input.value.trim()).filter(Boolean));
    if (form.elements.why.value.trim()) add(shown, "p", form.elements.why.value, { className: "why" });
  } else if (form.elements.lines) {
    list(form.elements.lines.value.split("\n").filter((line) => line.trim()));
  } else {
    add(shown, "div", form.elements.text.value, { className: "text" });
  }
  return shown;
}
