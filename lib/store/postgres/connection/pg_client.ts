// @ts-types="@types/pg"
import pg from "pg";
import { refusal } from "./pg_parameters.ts";
import type { Candidate, PgTarget } from "./pg_target.ts";

/** The driver's complete configuration for `candidate`, so that it looks up nothing. */
export function clientConfig(target: PgTarget, candidate: Candidate) {
  const { host, port, name, tls } = candidate;
  // The certificate is checked against the name, even if the connection uses an address.
  const checked = name !== undefined && name !== host ? { host: name, servername: name } : {};
  return {
    host,
    port,
    user: target.user,
    database: target.database,
    password: () => target.password(candidate),
    ssl: tls === false ? false : { ...tls, ...checked },
    sslnegotiation: target.isDirectTls && tls !== false ? "direct" as const : "postgres" as const,
    client_encoding: "utf8",
    application_name: target.applicationName,
    enableChannelBinding: target.channelBinding !== "disable" && tls !== false,
  };
}

/** Members of the driver's client that its types lack. */
export interface Internals {
  readonly connection: {
    readonly stream: { destroy(): void };
    emit(event: "error", error: Error): void;
  };
  connect(callback: (error: Error | undefined) => void): void;
  _handleAuthSASL(message: { mechanisms: readonly string[] }): void;
  _handleAuthCleartextPassword(): void;
  _handleAuthMD5Password(message: unknown): void;
}

const UNBOUND = refusal(
  "the server does not offer channel binding, which channel_binding=require demands",
);

const Base = pg.Client as unknown as new (config: unknown) => Internals;

/**
 * Creates a client class for connections to `target`. The driver would complete its configuration
 * from the process's variables (`PGOPTIONS`, `PGREPLICATION` …); this class sends exactly what
 * `target` contains.
 */
export function clientClass(target: PgTarget): new (config: unknown) => Internals {
  const isBound = target.channelBinding === "require";
  return class extends Base {
    #usesBinding = false;

    getStartupConf(): Record<string, string> {
      const { user, database, applicationName, options } = target;
      return {
        user,
        database,
        application_name: applicationName,
        client_encoding: "UTF8",
        ...options === undefined ? {} : { options },
      };
    }

    /**
     * After a client-side connection failure the driver leaves the socket open, and the server
     * waits.
     */
    override connect(callback: (error: Error | undefined) => void): void {
      super.connect((error) => {
        // A server with trust authentication sends no authentication request.
        const problem = error ?? (isBound && !this.#usesBinding ? UNBOUND : undefined);
        if (problem) this.connection.stream.destroy();
        callback(problem);
      });
    }

    override _handleAuthSASL(message: { mechanisms: readonly string[] }): void {
      this.#usesBinding = message.mechanisms.includes("SCRAM-SHA-256-PLUS");
      if (isBound && !this.#usesBinding) this.#refuse();
      else super._handleAuthSASL(message);
    }

    override _handleAuthCleartextPassword(): void {
      if (isBound) this.#refuse();
      else super._handleAuthCleartextPassword();
    }

    override _handleAuthMD5Password(message: unknown): void {
      if (isBound) this.#refuse();
      else super._handleAuthMD5Password(message);
    }

    #refuse(): void {
      this.connection.emit("error", UNBOUND);
    }
  };
}
