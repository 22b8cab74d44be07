// Draws the API from /openapi.json, and asks the server what a reader wants to try. Nothing comes from elsewhere.
"use strict";

const METHODS = ["get", "post", "put", "delete"];

/** Makes an element with attributes and children; texts are texts and never markup. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The shape that a reference names. */
function resolved(api, shape) {
  return shape?.$ref ? api.components.schemas[shape.$ref.split("/").pop()] : shape;
}

/** What a value of a shape looks like: its example, or one made of its members. */
function sample(api, shape, depth = 0) {
  const found = resolved(api, shape) ?? {};
  if (found.examples?.length) return found.examples[0];
  if (found.example !== undefined) return found.example;
  if (found.const !== undefined) return found.const;
  if (found.enum) return found.enum[0];
  if (found.oneOf) return sample(api, found.oneOf[0], depth);
  const type = Array.isArray(found.type) ? found.type[0] : found.type;
  if (depth > 5) return null;
  switch (type) {
    case "array": return [sample(api, found.items, depth + 1)];
    case "object":
      return Object.fromEntries(Object.entries(found.properties ?? {}).map(
        ([name, member]) => [name, sample(api, member, depth + 1)]));
    case "integer": return found.minimum ?? 0;
    case "boolean": return false;
    case "string": return found.description ?? "";
    default: return null;
  }
}

function bodies(api, content) {
  return Object.entries(content ?? {}).map(([type, { schema }]) => {
    const shape = resolved(api, schema);
    const text = shape?.type === "string" ? shape.description ?? "text" : JSON.stringify(sample(api, schema), null, 2);
    return make("div", {}, make("span", { class: "quiet" }, type), make("pre", {}, text ?? ""));
  });
}

function parameterRow(api, parameter, inputs) {
  const shape = resolved(api, parameter.schema) ?? {};
  const range = shape.enum ?? shape.oneOf?.flatMap((one) => resolved(api, one).enum ?? []) ?? [];
  const input = make("input", { "aria-label": parameter.name, placeholder: String(parameter.example ?? range[0] ?? "") });
  inputs.push({ parameter, input });
  const about = [parameter.description, range.length ? `one of ${range.join(", ")}` : null].filter(Boolean).join("; ");
  return make("tr", {},
    make("td", {}, parameter.name, parameter.required ? " *" : ""),
    make("td", {}, about),
    make("td", {}, parameter.in === "header" ? null : input));
}

/** The address that a reader's values make. */
function address(path, inputs) {
  const query = new URLSearchParams();
  let filled = path;
  for (const { parameter, input } of inputs) {
    const value = input.value.trim();
    if (parameter.in === "path") {
      const text = value || input.placeholder;
      filled = filled.replace(`{${parameter.name}}`, path.startsWith("/tile") ? text : encodeURIComponent(text));
    } else if (parameter.in === "query" && value) {
      query.append(parameter.name, value);
    }
  }
  const text = query.toString();
  return text ? `${filled}?${text}` : filled;
}

function tryOut(path, inputs) {
  const asked = make("div", { class: "path" });
  const answered = make("pre", { hidden: "", "aria-live": "polite" });
  const button = make("button", { type: "button" }, "Ask this server");
  button.addEventListener("click", async () => {
    const where = address(path, inputs);
    asked.textContent = `GET ${where}`;
    answered.hidden = false;
    try {
      const answer = await fetch(where);
      const text = await answer.text();
      answered.textContent = `${answer.status}\n${pretty(text)}`;
    } catch (error) {
      answered.textContent = String(error);
    }
  });
  return make("div", {}, button, asked, answered);
}

/** JSON over several lines, for reading; anything else as it is. */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Whether the answer goes on for as long as somebody listens. */
function isEndless(operation) {
  return Object.values(operation.responses ?? {}).some((answer) => answer.content?.["text/event-stream"]);
}

function section(api, path, method, operation, id) {
  const inputs = [];
  const parameters = (operation.parameters ?? []).map((parameter) => parameterRow(api, parameter, inputs));
  const answers = Object.entries(operation.responses ?? {}).filter(([status]) => status < 400);
  const failures = Object.keys(operation.responses ?? {}).filter((status) => status >= 400);
  return make("section", { id },
    make("h2", {}, operation.summary ?? operation.operationId),
    make("div", { class: "path" }, make("span", { class: "method" }, method.toUpperCase()), path),
    operation.description ? make("p", {}, operation.description) : null,
    parameters.length ? make("h3", {}, "Parameters") : null,
    parameters.length ? make("table", {}, make("tbody", {}, ...parameters)) : null,
    operation.requestBody ? make("h3", {}, "Body") : null,
    ...bodies(api, operation.requestBody?.content),
    ...answers.flatMap(([status, answer]) => [
      make("h3", {}, `${status} ${answer.description ?? ""}`), ...bodies(api, answer.content)]),
    make("p", { class: "quiet" }, `Problems: ${failures.join(", ")}`),
    method === "get" && !isEndless(operation) ? tryOut(path, inputs) : null);
}

/** How a sign-in link holds its code: behind the #, which a browser sends to no server by itself. */
const CODE = /^#code=([^&]+)$/;

/** Signs in with the code of a link, if there is one: what became of it, in words. */
async function signIn() {
  const code = CODE.exec(location.hash)?.[1];
  if (code === undefined) return null;
  // A code is good once; neither the history nor a copied address should hold it.
  history.replaceState(null, "", location.pathname);
  const body = JSON.stringify({ code: decodeURIComponent(code) });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/session", { method: "POST", headers, body });
  const said = await answer.json();
  return answer.ok ? `You are signed in as ${said.subject} (${said.roles.join(", ")}).` : said.detail ?? said.title;
}

async function draw() {
  const signedIn = await signIn();
  const api = await (await fetch("/openapi.json")).json();
  const contents = document.getElementById("contents");
  const requests = document.getElementById("requests");
  requests.replaceChildren(make("h1", {}, api.info.title), make("p", {}, api.info.description),
    signedIn === null ? "" : make("p", { role: "status" }, signedIn));
  for (const tag of api.tags) {
    contents.append(make("h2", {}, tag.name));
    for (const [path, item] of Object.entries(api.paths)) {
      // Every log has the same requests: those of main stand for all.
      if (path.includes("{log}")) continue;
      for (const method of METHODS.filter((method) => item[method]?.tags?.includes(tag.name))) {
        const id = `${method}-${item[method].operationId}`;
        contents.append(make("a", { href: `#${id}` }, item[method].summary ?? path));
        requests.append(section(api, path, method, item[method], id));
      }
    }
  }
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

draw().catch((error) => { document.getElementById("requests").textContent = `The API cannot be drawn: ${error}`; });
