/** Under which processes that answer requests say, again and again, that they do. */
export const subjectOfReplicas = 'replicas';
export const sayEveryMs = 1_000;
/** Who was heard and says nothing for so long may be gone, with its host, its network or its power. */
const silentAfterMs = 3_500;
/** So long TCP may go on believing in a host that is gone, and the broker with it. */
const believedInForMs = 20 * 60_000;
/** A request got no answer in time: so long nobody is asked who was not heard. */
const suspectForMs = 60_000;

/** What a replica says of itself. */
export interface Sign {
  id: string;
  /** It takes no more requests. */
  leaves?: true;
}

/**
 * Which replicas of a service were heard lately. The broker spreads requests over all it knows, and one whose host has vanished without a
 * word it knows for as long as it sends to it (nats-server 2.9 takes what it sends for a sign of life): each request that goes there is lost.
 * So, as long as one is silent, requests are addressed to those that are not.
 */
export class Replicas {
  private readonly heardAt = new Map<string, Map<string, number>>();
  private readonly suspectUntil = new Map<string, number>();

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly random: () => number = Math.random,
  ) {}

  hear(service: string, { id, leaves }: Sign): void {
    if (leaves === true) return this.forget(service, id);
    const heard = this.heardAt.get(service);
    if (heard === undefined) this.heardAt.set(service, new Map([[id, this.now()]]));
    else heard.set(id, this.now());
  }

  /** It is gone for sure: it said so, or the broker did. */
  forget(service: string, id: string): void {
    this.heardAt.get(service)?.delete(id);
  }

  /** A request to one of them was not answered in time. */
  suspect(service: string): void {
    this.suspectUntil.set(service, this.now() + suspectForMs);
  }

  /** The one to ask; undefined: the broker may choose, because all can be trusted, or because nobody is known who can. */
  choose(service: string): string | undefined {
    const heard = this.heardAt.get(service);
    if (heard === undefined) return undefined;
    const now = this.now();
    const live: string[] = [];
    let isOneSilent = now < (this.suspectUntil.get(service) ?? -Infinity);
    for (const [id, at] of heard) {
      if (now - at <= silentAfterMs) live.push(id);
      else if (now - at <= believedInForMs) isOneSilent = true;
      else heard.delete(id);
    }
    return isOneSilent ? live[Math.floor(this.random() * live.length)] : undefined;
  }
}
