import type { IssuedKey, KeyUse, SessionCredentials } from '../../kernel/identity-port.js';
import type { Principal } from '../../kernel/principal.js';
import { Records } from '../../kernel/records.js';
import type { AccessKeyRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';
import { accessKeyId, secretKey } from './ids.js';

/** Credentials of a session, as STS keeps them. */
interface SessionRecord {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
  readonly principal: Principal;
  readonly expirationMs: number;
}

/** How long the key of a session that is over is still told apart from one that was never issued. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;
const TOKEN_BYTES = 270;

type Known = { readonly user: AccessKeyRecord } | { readonly session: SessionRecord };

/**
 * All access keys that IAM and STS issued, in memory as well, so that whether a request comes with one of them is a
 * single look-up. When each was used last is kept in memory only.
 */
export class IssuedKeys {
  readonly #known = new Map<string, Known>();
  readonly #sessions: Records<SessionRecord>;
  readonly #uses = new Map<string, KeyUse>();

  constructor(private readonly store: IamStore) {
    this.#sessions = new Records(store.kernel.store, 'sts.sessions');
    for (const user of store.accessKeys.all()) this.#known.set(user.id, { user });
    for (const session of this.#sessions.all()) this.#known.set(session.id, { session });
    store.onKeyChange = (user) => this.#known.set(user.id, { user });
  }

  get size(): number {
    return this.#known.size;
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  get(id: string): IssuedKey | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    if ('user' in known) return this.#userKey(known.user);
    const { secret, token, principal, expirationMs } = known.session;
    return {
      accessKeyId: id,
      accountId: principal.accountId,
      secret,
      session: { token, expirationMs },
      isActive: true,
      principal,
    };
  }

  async issue(principal: Principal, durationSeconds: number): Promise<SessionCredentials> {
    const { random, clock } = this.store.kernel;
    const { accountId } = principal;
    const nowMs = clock.nowMs();
    const session: SessionRecord = {
      id: accessKeyId(random, 'ASIA', accountId),
      secret: secretKey(random),
      token: Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64'),
      principal,
      expirationMs: nowMs + durationSeconds * 1000,
    };
    await this.store.kernel.store.change((writer) => {
      this.#sessions.putIn(writer, accountId, session.id, session);
      for (const [id, known] of this.#known) {
        if (!('session' in known) || known.session.expirationMs + REMEMBERED_MS > nowMs) continue;
        this.#sessions.deleteIn(writer, known.session.principal.accountId, id);
        this.#known.delete(id);
      }
    });
    this.#known.set(session.id, { session });
    const { id, secret, token, expirationMs } = session;
    return { accessKeyId: id, secretAccessKey: secret, sessionToken: token, expirationMs };
  }

  used(id: string, service: string, region: string): void {
    this.#uses.set(id, { timeMs: this.store.kernel.clock.nowMs(), service, region });
  }

  lastUse(id: string): KeyUse | undefined {
    return this.#uses.get(id);
  }

  /** When a session of the role was last used. */
  lastUseOfRole(roleArn: string): KeyUse | undefined {
    let latest: KeyUse | undefined;
    for (const [id, use] of this.#uses) {
      const known = this.#known.get(id);
      if (known === undefined || !('session' in known)) continue;
      const { principal } = known.session;
      if (principal.kind !== 'role-session' || principal.roleArn !== roleArn) continue;
      if (latest === undefined || latest.timeMs < use.timeMs) latest = use;
    }
    return latest;
  }

  #userKey({ id, accountId, secret, status, userName }: AccessKeyRecord): IssuedKey {
    const user = this.store.users.get(accountId, userName);
    const principal: Principal | undefined = user && {
      kind: 'user',
      accountId,
      arn: iamArn(accountId, 'user', user),
      userId: user.id,
      userName: user.name,
    };
    return { accessKeyId: id, accountId, secret, isActive: status === 'Active', principal };
  }
}
