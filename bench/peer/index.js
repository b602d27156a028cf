// The peer: bolt-js with better-sqlite3, writing the same rows in one transaction, then the ack.
//   node index.js PORT DATABASE SECRET ROWS NOT_A_COMMAND
"use strict";

const { readFileSync } = require("node:fs");
const { App, LogLevel } = require("@slack/bolt");
const Database = require("better-sqlite3");

const [port, file, signingSecret, rowsFile, command] = process.argv.slice(2);
const CHANNEL = "C00000001";
const DAY = 86_400_000;
const LINK = /^https?:\/\/[^\s/]+\.[^\s/]+/;

const database = new Database(file);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.pragma("foreign_keys = ON");

const rows = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(rowsFile, "utf8"))).map(([name, sql]) => [
    name,
    database.prepare(sql),
  ]),
);

const moment = (at) => `${new Date(at).toISOString().replace("T", " ").replace("Z", "")}000`;

const fieldsOf = (values) => {
  const fields = {};
  for (const [block, actions] of Object.entries(values)) {
    for (const held of Object.values(actions)) {
      const options = (held.selected_options ?? []).map((option) => option.value);
      const value = held.value ?? held.selected_option?.value ?? options;
      if (value && value.length > 0) fields[block] = value;
    }
  }
  return fields;
};

const check = (fields) => {
  const errors = {};
  if (!fields.title?.trim()) errors.title = "Please fill in: Title.";
  if ((fields.title ?? "").length > 120) errors.title = "Please shorten it.";
  if ((fields.text ?? "").length > 3000) errors.text = "Please shorten it.";
  if (fields.link && !LINK.test(fields.link)) errors.link = "This is no link.";
  return errors;
};

const store = database.transaction((row) => {
  row.number = rows.number.get(row).last_number;
  rows.submission.run(row);
  rows.history.run(row);
  row.payload = JSON.stringify({ number: row.number });
  for (const [kind, lane] of [
    ["card", CHANNEL],
    ["receipt", row.user_id],
  ]) {
    Object.assign(row, { kind, lane, key: `${kind}:${row.number}` });
    row.id = rows.lane.get(row).last_id;
    rows.effect.run(row);
  }
});

const app = new App({
  signingSecret,
  authorize: async () => ({ botToken: "xoxb-bench", botUserId: "U0", botId: "B0" }),
  processBeforeResponse: true,
  logLevel: LogLevel.ERROR,
  customRoutes: [{ path: "/readyz", method: "GET", handler: (_, answer) => answer.end() }],
});

app.command(command, async ({ ack }) => {
  await ack({
    response_type: "ephemeral",
    text: "Social Desk does not know this command any more.",
  });
});

app.view(/.*/, async ({ ack, body, view }) => {
  const fields = fieldsOf(view.state.values);
  const errors = check(fields);
  if (Object.keys(errors).length > 0) {
    await ack({ response_action: "errors", errors });
    return;
  }
  const now = Date.now();
  store.immediate({
    workspace_id: body.team.id,
    user_id: body.user.id,
    title: fields.title,
    fields: JSON.stringify(fields),
    source_key: `view:${view.id}`,
    now: moment(now),
    due_at: moment(now + 2 * DAY),
    remind_at: moment(now + (28 / 24) * DAY),
    words: `${fields.title}  ${fields.link}`.toLowerCase(),
    expires_at: moment(now + 7 * DAY),
  });
  await ack();
});

app.start({ port: Number(port), host: "127.0.0.1" });
