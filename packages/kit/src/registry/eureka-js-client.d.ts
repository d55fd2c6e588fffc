// The client has no types of its own; these are the parts that eureka-session.ts uses.
declare module 'eureka-js-client' {
  interface EurekaAnswer {
    statusCode: number;
  }

  interface EurekaRequest {
    method: 'POST' | 'PUT' | 'DELETE';
    /** Below `serviceUrls`. */
    uri: string;
    json?: boolean;
    body?: unknown;
    headers?: Record<string, string>;
    /** Milliseconds. */
    timeout?: number;
  }

  interface EurekaLogger {
    debug(...args: unknown[]): void;
    info(...args: unknown[]): void;
    warn(...args: unknown[]): void;
    error(...args: unknown[]): void;
  }

  interface EurekaConfig {
    /** Where a file `eureka-client.yml` would be looked for. */
    cwd?: string;
    logger?: EurekaLogger;
    shouldUseDelta?: boolean;
    eureka: {
      serviceUrls: { default: string[] };
      registerWithEureka?: boolean;
      fetchRegistry?: boolean;
      maxRetries?: number;
      /** Milliseconds; grows with each try. */
      requestRetryDelay?: number;
    };
    instance: object;
  }

  export class Eureka {
    constructor(config: EurekaConfig);
    /** Tries every address in turn; a refusal (4xx) is an answer, not an error. */
    eurekaRequest(
      request: EurekaRequest,
      callback: (error: Error | null, answer?: EurekaAnswer, body?: unknown) => void,
    ): void;
  }
}
