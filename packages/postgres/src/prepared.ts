import type { Orm } from './orm.js';

/**
 * A statement that is run so often that the database reads and plans it once a connection, and not each time: planning can
 * take as long as answering. Its values go beside it, unlike those that MikroORM writes into the text, character by character.
 * It runs outside of transactions.
 *
 * @see https://node-postgres.com/features/queries#prepared-statements
 */
export class Prepared<Row extends object> {
  private readonly text: string;

  /**
   * @param name its own among all statements of the service
   * @param sql with `?` for each value
   */
  constructor(
    private readonly orm: Orm,
    private readonly name: string,
    sql: string,
  ) {
    let nth = 0;
    this.text = sql.replace(/\?/g, () => `$${++nth}`);
  }

  async run(values: unknown[]): Promise<Row[]> {
    const pool = await this.orm.em.getConnection().getNativeClient();
    // Not the pool's own `query`, which runs in the context of whoever gives back the connection that this one waits for.
    const client = await pool.connect();
    try {
      return (await client.query<Row>({ name: this.name, text: this.text, values })).rows;
    } finally {
      client.release();
    }
  }
}
