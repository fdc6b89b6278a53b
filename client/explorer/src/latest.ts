/**
 * Runs one piece of work at a time, and of what is asked for meanwhile the last alone: so a slider
 * that moves faster than the server answers is never behind by more than one answer.
 */
export class Latest<Task> {
  readonly #run: (task: Task) => Promise<void>;
  #isBusy = false;
  #next: { readonly task: Task } | undefined;

  /** `run` must not reject. */
  constructor(run: (task: Task) => Promise<void>) {
    this.#run = run;
  }

  ask(task: Task): void {
    this.#next = { task };
    if (!this.#isBusy) void this.#work();
  }

  /** Forgets what has not begun. */
  forget(): void {
    this.#next = undefined;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#next !== undefined) {
      const { task } = this.#next;
      this.#next = undefined;
      await this.#run(task);
    }
    this.#isBusy = false;
  }
}
