import { afterAll, describe, expect, it } from 'vitest';
import { buildCluster, Clients, untilAlike } from './cluster.js';
import { getJson } from './start.js';

const figures: string[] = [];
afterAll(() => console.log(['Three registries tell the same:', ...figures].join('\n  ')));
const note = (what: string, milliseconds: number) => figures.push(`${what}: after ${milliseconds} ms`);

const put = (url: string) => fetch(url, { method: 'PUT' });

async function startCluster(size = 3) {
  const { time, nodes } = await buildCluster(size);
  await Promise.all(nodes.map((node) => node.start()));
  await untilAlike(time, nodes, 0);
  return { time, nodes, clients: nodes.map((node) => new Clients(node, time)) };
}

describe('three registries', () => {
  it('know what was said to any one of them', async () => {
    const { time, nodes, clients } = await startCluster();
    await Promise.all(clients.map((each, n) => each.join(4, `n${n}-`)));
    note('12 registrations', await untilAlike(time, nodes, 12));

    await put(`${clients[0]?.addressOf('n0-0')}/status?value=OUT_OF_SERVICE`);
    await put(`${clients[1]?.addressOf('n1-0')}/metadata?zone=a`);
    await clients[2]?.leave('n2-0');
    note('an override, a change of metadata, a departure', await untilAlike(time, nodes, 11));
    const view = (await nodes[2]?.view())?.join('\n');
    expect(view).toContain('n0-0 OUT_OF_SERVICE OUT_OF_SERVICE');
    expect(view).toContain('n1-0 UP UNKNOWN {"zone":"a"}');
    expect(view).not.toContain('n2-0');

    await fetch(`${clients[0]?.addressOf('n0-0')}/status?value=UP`, { method: 'DELETE' });
    await untilAlike(time, nodes, 11);
    expect((await nodes[1]?.view())?.join()).not.toContain('OUT_OF_SERVICE');
  });

  it('keep by each other’s renewals who renews at one of them only', async () => {
    const { time, nodes, clients } = await startCluster();
    await clients[0]?.join(10, 'a');
    const began = time.now().getTime();
    await time.passUntil(() => time.now().getTime() > began + 60_000, 250);
    for (const node of nodes) expect(await node.view()).toHaveLength(10);
  });

  it('agree again after one was away for a minute', async () => {
    const { time, nodes, clients } = await startCluster();
    const [first, second, third] = clients;
    await first?.join(10, 'a');
    await third?.join(5, 'c');
    await untilAlike(time, nodes, 15);
    await nodes[2]?.stop();

    await second?.join(5, 'b');
    await first?.leave('a0');
    await put(`${first?.addressOf('a1')}/status?value=OUT_OF_SERVICE`);
    const began = time.now().getTime();
    await time.passUntil(() => time.now().getTime() > began + 60_000, 250);
    await nodes[2]?.start();
    note('a registry that was away for a minute', await untilAlike(time, nodes, 19));
    expect((await nodes[2]?.view())?.join()).toContain('a1 OUT_OF_SERVICE');
  });

  it('agree again after the network was parted for a minute, though both sides went on', async () => {
    const { time, nodes, clients } = await startCluster();
    const [first, , third] = clients;
    await first?.join(10, 'a');
    await third?.join(10, 'c');
    await untilAlike(time, nodes, 20);
    // Both ways: what the third tells the others, and what they tell it.
    nodes[2]?.cutOff(true);
    for (const node of nodes.slice(0, 2)) node.links[1]?.cut();

    await first?.join(2, 'late-a');
    await third?.join(2, 'late-c');
    await put(`${first?.addressOf('a1')}/status?value=OUT_OF_SERVICE`);
    await third?.leave('c0');
    const began = time.now().getTime();
    await time.passUntil(() => time.now().getTime() > began + 60_000, 250);
    expect(await nodes[2]?.view()).not.toContain('late-a0');

    nodes[2]?.cutOff(false);
    for (const node of nodes.slice(0, 2)) node.links[1]?.mend();
    note('a network that was parted for a minute', await untilAlike(time, nodes, 23));
    expect((await nodes[2]?.view())?.join()).toContain('a1 OUT_OF_SERVICE');
  });

  it('start together and open at once, since none knows anybody', async () => {
    const { time, nodes } = await buildCluster(3);
    await Promise.all(nodes.map((node) => node.start()));
    const clients = nodes.map((node) => new Clients(node, time));
    await Promise.all(clients.map((each, n) => each.join(5, `n${n}-`)));
    note('a cold start with 15 clients', await untilAlike(time, nodes, 15));
  });
});

describe('a registry that starts', () => {
  it('tells nobody who is there before it knows from a peer', async () => {
    const { time, nodes } = await buildCluster(2);
    const [late, first] = nodes;
    await late?.start();
    for (const path of ['/apps', '/apps/delta', '/apps/PATIENT', '/vips/patient', '/changes']) {
      expect([path, (await fetch(`${late?.url}/eureka${path}`)).status]).toEqual([path, 403]);
    }
    await first?.start();
    await time.passUntil(async () => (await first?.view()) !== undefined);
    if (first) await new Clients(first, time).join(3, 'a');
    await untilAlike(time, nodes, 3);
  });

  it('opens without its peers when they stay away', async () => {
    const { time, nodes } = await buildCluster(2);
    await nodes[0]?.start({ SYNC_WAIT_MS: '30000' });
    const waitedMs = await time.passUntil(async () => (await nodes[0]?.view()) !== undefined);
    expect(waitedMs).toBeGreaterThanOrEqual(30_000);
    expect(waitedMs).toBeLessThan(35_000);
  });

  it('leaves itself out of its list of peers', async () => {
    const { nodes } = await startCluster(2);
    const { applicationStats } = await getJson(nodes[0]?.url ?? '', '/status');
    expect(applicationStats['registered-replicas']).toBe(`http://127.0.0.1:${nodes[0]?.links[0]?.port}/eureka/`);
  });
});
