import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What a server counts, as Prometheus reads it. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'route' | 'status'>;
  readonly #seconds: Histogram<'route'>;
  readonly #rejected: Counter<'reason'>;
  readonly #rows: Counter;
  readonly #batchRows: Histogram;
  readonly #reloads: Counter<'outcome'>;
  readonly #losses: Counter;
  readonly #model: Gauge<'name' | 'version' | 'polytask'>;

  /** @param now what is read when somebody asks */
  constructor(now: { waiting(): number; workers(): number }) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Counter({
      name: 'polytask_requests_total',
      help: 'Requests by route and status.',
      labelNames: ['route', 'status'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'polytask_request_seconds',
      help: 'Time from the headers of a request to its answer.',
      labelNames: ['route'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#rejected = new Counter({
      name: 'polytask_rejected_total',
      help: 'Requests that were refused, by the code of the error.',
      labelNames: ['reason'],
      registers,
    });
    this.#rows = new Counter({ name: 'polytask_rows_total', help: 'Rows that were predicted.', registers });
    this.#batchRows = new Histogram({
      name: 'polytask_batch_rows',
      help: 'Rows of a run of the graph.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    });
    this.#reloads = new Counter({
      name: 'polytask_reloads_total',
      help: 'New models that took over, or could not.',
      labelNames: ['outcome'],
      registers,
    });
    this.#losses = new Counter({
      name: 'polytask_worker_losses_total',
      help: 'Workers that ended by themselves.',
      registers,
    });
    this.#model = new Gauge({
      name: 'polytask_model_info',
      help: 'The model that answers.',
      labelNames: ['name', 'version', 'polytask'],
      registers,
    });
    gauge('polytask_queue_requests', 'Requests that wait for a worker.', now.waiting, registers);
    gauge('polytask_workers', 'Workers that can answer.', now.workers, registers);
  }

  /** A request was answered, or refused with a code. */
  answered(route: string, status: number, seconds: number, reason?: string): void {
    this.#requests.inc({ route, status });
    this.#seconds.observe({ route }, seconds);
    if (reason !== undefined) this.#rejected.inc({ reason });
  }

  /** The graph ran on so many rows. */
  ran(rows: number): void {
    this.#rows.inc(rows);
    this.#batchRows.observe(rows);
  }

  reloaded(outcome: 'done' | 'refused'): void {
    this.#reloads.inc({ outcome });
  }

  lost(): void {
    this.#losses.inc();
  }

  serves(name: string, version: string, polytask: string): void {
    this.#model.reset();
    this.#model.set({ name, version, polytask }, 1);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

function gauge(name: string, help: string, value: () => number, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(value());
    },
  });
}
