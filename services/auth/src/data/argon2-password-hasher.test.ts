import { describe, expect, it } from 'vitest';
import { Argon2PasswordHasher } from './argon2-password-hasher.js';

const cheap = { memoryKiB: 64, passes: 1, parallelism: 1 };

describe('password hashes', () => {
  it('hold parameters, a salt of their own, and never the password', async () => {
    const hasher = new Argon2PasswordHasher();
    const [one, other] = await Promise.all([hasher.hash('an old grey mare'), hasher.hash('an old grey mare')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(other).not.toBe(one);
  });

  it('are those of the reference implementation', async () => {
    // argon2 command line, salt "somesalt": argon2 somesalt -id -t 2 -k 256 -p 1 -l 32, password "password"
    const known = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await new Argon2PasswordHasher(cheap).verify('password', known)).toBe(true);
    expect(await new Argon2PasswordHasher(cheap).verify('Password', known)).toBe(false);
  });

  it('answer false for nobody, after the same work', async () => {
    expect(await new Argon2PasswordHasher(cheap).verify('anything', undefined)).toBe(false);
  });

  it('are outdated once the parameters have changed', async () => {
    const old = await new Argon2PasswordHasher(cheap).hash('an old grey mare');
    const hasher = new Argon2PasswordHasher({ ...cheap, passes: 2 });
    expect(hasher.isOutdated(old)).toBe(true);
    expect(await hasher.verify('an old grey mare', old)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('an old grey mare'))).toBe(false);
  });
});

describe('taking turns', () => {
  it('leaves room to whoever is known when strangers take all that is theirs', async () => {
    const hasher = new Argon2PasswordHasher(cheap, 1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const visits = Array.from({ length: 40 }, () => hasher.inTurn(() => promise, false));
    const refused = visits.slice(33).map((each) => expect(each).rejects.toMatchObject({ code: 'AUTH.BUSY' }));
    expect(() => hasher.assertRoom(false)).toThrow(expect.objectContaining({ code: 'AUTH.BUSY' }));
    const known = hasher.inTurn(async () => 'let in');
    resolve();
    expect(await known).toBe('let in');
    await Promise.all([...refused, ...visits.slice(0, 33)]);
  });

  it('rests after each of many strangers, while whoever is known is let in', async () => {
    // Of usual cost: a rest of less than a timer's step could not be told from none.
    const hasher = new Argon2PasswordHasher(undefined, 1);
    const story: { who: string; from: number; until: number }[] = [];
    const visit = (who: string) => async () => {
      const from = performance.now();
      await hasher.hash('an old grey mare');
      story.push({ who, from, until: performance.now() });
    };
    const strangers = ['first', 'second', 'third', 'of', 'a', 'long', 'queue'].map((who) =>
      hasher.inTurn(visit(who), false),
    );
    await strangers[0];
    await hasher.inTurn(visit('known'));
    await Promise.all(strangers);
    expect(story.map(({ who }) => who)).toEqual(['first', 'known', 'second', 'third', 'of', 'a', 'long', 'queue']);
    const pauses = strangers.slice(1).map((_, nth) => {
      const [before, after] = [story[nth > 0 ? nth + 1 : 0], story[nth + 2]] as [(typeof story)[0], (typeof story)[0]];
      return (after.from - before.until) / (before.until - before.from);
    });
    expect(pauses[0]).toBeGreaterThan(3);
    // Of a few there is no reason to think so.
    expect(Math.min(...pauses.slice(2))).toBeLessThan(3);
  });

  it('lets no more than its places work at once, refuses beyond its queue, and goes on after failures', async () => {
    const hasher = new Argon2PasswordHasher(cheap, 2);
    let working = 0;
    let mostWorking = 0;
    const gates: (() => void)[] = [];
    const visit = (fails: boolean) =>
      hasher.inTurn(async () => {
        working += 1;
        mostWorking = Math.max(mostWorking, working);
        await new Promise<void>((resolve) => gates.push(resolve));
        working -= 1;
        if (fails) throw new Error('the work failed');
      });
    const visits = Promise.allSettled(Array.from({ length: 66 }, (_, i) => visit(i % 2 === 0)));
    await expect(visit(false)).rejects.toMatchObject({ code: 'AUTH.BUSY' });
    expect(() => hasher.assertRoom(true)).toThrow(expect.objectContaining({ code: 'AUTH.BUSY' }));
    for (let opened = 0; opened < 66; ) {
      const gate = gates.shift();
      if (gate) {
        gate();
        opened += 1;
      }
      await Promise.resolve();
    }
    const outcomes = await visits;
    expect(mostWorking).toBe(2);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(33);
    expect(await hasher.inTurn(async () => 'free again')).toBe('free again');
    expect(() => hasher.assertRoom(false)).not.toThrow();
  });
});
