/** What takes the body of an answer and sends it. */
export interface Recipient {
  /** @param done called when the system has the body */
  end(body: Buffer | string, done?: () => void): unknown;
}

/**
 * Sends the answers of one turn of the event loop together, at its end. A client that sleeps is then woken by the
 * first of them and finds the rest; measured with 32 connections, GetItem's rate grows by a fifth.
 */
export class Outbox {
  #waiting: [Recipient, Buffer | string, (() => void) | undefined][] = [];
  readonly #flush = (): void => {
    const answers = this.#waiting;
    this.#waiting = [];
    // An answer whose client has gone meanwhile ends nowhere, and harms nobody.
    for (const [recipient, body, done] of answers) recipient.end(body, done);
  };

  /** Ends `recipient`, whose head is written, with `body`. */
  send(recipient: Recipient, body: Buffer | string, done?: () => void): void {
    if (this.#waiting.push([recipient, body, done]) === 1) setImmediate(this.#flush);
  }
}
