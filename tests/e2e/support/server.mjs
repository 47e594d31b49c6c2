// The `plenary` binary as a child process on a directory of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const ADMIN = "test-admin-token-0123456789abcdef0123456789abcdef";
const root = resolve(import.meta.dirname, "../../..");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

export function binary() {
  if (process.env.PLENARY_BIN) return process.env.PLENARY_BIN;
  const built = ["release", "debug"].map((p) => join(target, p, "plenary")).filter((p) => existsSync(p));
  if (built.length === 0) throw new Error("build the server first: cargo build --release -p plenary");
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

export class Server {
  /** Starts a server; with `sample`, `links` holds what it printed for each role. */
  static async start({ sample = false, dir, args = [] } = {}) {
    const server = new Server();
    server.owned = dir ? null : mkdtempSync(join(tmpdir(), "plenary-"));
    server.dir = dir ?? join(server.owned, "data");
    server.options = { sample, args };
    await server.#spawn();
    return server;
  }

  async #spawn(listen = this.address ?? "127.0.0.1:0") {
    const { sample, args } = this.options;
    const flags = ["serve", "--listen", listen, "--admin-token", ADMIN, "--data", this.dir, ...args];
    if (sample) flags.push("--sample");
    this.child = spawn(binary(), flags, { stdio: ["ignore", "pipe", "pipe"] });
    this.links = {};
    this.log ??= "";
    this.child.stderr.on("data", (text) => (this.log += text));
    const lines = createInterface({ input: this.child.stdout });
    await new Promise((ready, failed) => {
      this.child.once("exit", (code) => failed(new Error(`the server left with ${code}: ${this.log}`)));
      lines.on("line", (line) => {
        const link = line.match(/^(coordinator|drafter|reviewer|observer)\s+(\S+)/);
        const listening = line.match(/https?:\/\/\S+/);
        if (link) this.links[link[1]] = link[2];
        else if (listening && !this.base) this.base = listening[0].replace(/\/$/, "");
        const all = !sample || Object.keys(this.links).length === 4;
        if (this.base && all) ready();
      });
    });
    this.address ??= new URL(this.base).host;
  }

  get sockets() {
    return this.base.replace(/^http/, "ws");
  }

  async kill() {
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
    this.links = {};
    this.base = undefined;
  }

  /** After `kill`, on the same directory, and the same port unless `elsewhere`, where no open page finds it. */
  async restart({ elsewhere = false } = {}) {
    await this.#spawn(elsewhere ? "127.0.0.1:0" : this.address);
  }

  async end() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await gone;
    }
    if (this.owned) rmSync(this.owned, { recursive: true, force: true });
  }
}

/** A person with a bearer token; methods are the API. */
export class Person {
  constructor(base, report, token, id) {
    Object.assign(this, { base, report, token, id });
  }

  async call(method, path, body) {
    const answer = await fetch(this.base + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  get = (path) => this.call("GET", `/api/reports/${this.report}/${path}`);
  post = (path, body) => this.call("POST", `/api/reports/${this.report}/${path}`, body);
  patch = (path, body) => this.call("PATCH", `/api/reports/${this.report}/${path}`, body);
}

/** A blank report with sections of these titles. */
export async function consultation(server, titles) {
  const admin = new Person(server.base, "", ADMIN, "0".repeat(32));
  const sections = titles.map((title) => ({ title }));
  const report = await admin.call("POST", "/api/reports", { title: "A consultation", template: "blank", sections });
  admin.report = report.id;
  const invite = async (name, organization, role) => {
    const made = await admin.post("participants", { name, organization, role });
    return new Person(server.base, report.id, made.token, made.id);
  };
  return { admin, report: report.id, sections: report.sections.map((s) => s.id), invite };
}
