/** A database for ltijs that is kept in memory, for tests and for trying things out: its rows go with the program. */
export class Memory {
  #rows = [];

  #find(collection, query) {
    const isMeant = (row) => Object.entries(query ?? {}).every(([name, value]) => row.values[name] === value);
    return this.#rows.filter((row) => row.collection === collection && isMeant(row));
  }

  async setup() {}

  async Close() {}

  async Get(encryptionKey, collection, query) {
    const found = this.#find(collection, query).map((row) => row.values);
    return found.length > 0 && found;
  }

  async Insert(encryptionKey, collection, item, index) {
    this.#rows.push({ collection, values: { createdAt: Date.now(), ...index, ...item } });
  }

  async Replace(encryptionKey, collection, query, item, index) {
    await this.Delete(collection, query);
    await this.Insert(encryptionKey, collection, item, index);
  }

  async Modify(encryptionKey, collection, query, changes) {
    this.#find(collection, query).forEach((row) => Object.assign(row.values, changes));
  }

  async Delete(collection, query) {
    const gone = new Set(this.#find(collection, query));
    this.#rows = this.#rows.filter((row) => !gone.has(row));
  }
}
