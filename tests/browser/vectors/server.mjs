// The server as its desk uses it: reads back what it has stored, lets some of it pass, and reads its feeds.

const AT_ONCE = 40;
const SHARED = 10;
const FIELDS = "title summary body author tags source { name author url } cover { url alt caption credit }";

export class Desk {
  #base;
  #token;

  constructor(base, token) {
    this.#base = base;
    this.#token = token;
  }

  async ask(query, variables = {}) {
    const response = await fetch(new URL("/graphql", this.#base), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Every draft of the site. */
  async drafts(site) {
    const query = `query($site: String!, $after: String) { desk(site: $site, first: 100, after: $after) {
      nodes { id slug version } hasNextPage endCursor } }`;
    const listed = [];
    for (let page = { hasNextPage: true }; page.hasNextPage; listed.push(...page.nodes)) {
      ({ desk: page } = await this.ask(query, { site, after: page.endCursor }));
    }
    return inParts(listed, (part) => this.#draftsOf(part));
  }

  async #draftsOf(listed) {
    const fields = listed.map(({ id }, at) => `e${at}: entry(id: "${id}") { draft { ${FIELDS} } }`);
    const data = await this.ask(`{ ${fields.join("\n")} }`);
    return listed.map((one, at) => ({ ...one, number: numberOf(one.slug), ...data[`e${at}`].draft }));
  }

  /** Every article that the public sees. */
  async live(site) {
    const query = `query($site: String!, $after: String) { articles(site: $site, first: 50, after: $after) {
      nodes { id slug ${FIELDS} } pageInfo { hasNextPage endCursor } } }`;
    const listed = [];
    for (let pageInfo = { hasNextPage: true }; pageInfo.hasNextPage; ) {
      const { articles } = await this.ask(query, { site, after: pageInfo.endCursor });
      listed.push(...articles.nodes.map((node) => ({ ...node, number: numberOf(node.slug) })));
      ({ pageInfo } = articles);
    }
    return listed;
  }

  /** Lets a draft pass in spite of what the scanner found, and publishes it. `false` when an image in it has no alternative
   * text, without which nothing is published. */
  async publish({ id, version }) {
    const shown = "entry { version } errors { code field message }";
    const release = `mutation($id: ID!, $version: Int!) { it: releaseArticle(id: $id, version: $version, reason: "x") { ${shown} } }`;
    const publish = `mutation($id: ID!, $version: Int!) { it: publishArticle(id: $id, version: $version) { ${shown} } }`;
    const { it: released } = await this.ask(release, { id, version });
    const { it } = await this.ask(publish, { id, version: released.entry?.version ?? version });
    if (it.errors.some(({ field }) => field === "body.alt")) return false;
    if (it.entry === null) throw new Error(JSON.stringify([released, it]));
    return true;
  }

  /** The path of a link that shows a draft. */
  async preview({ id }) {
    const query = "mutation($id: ID!) { sharePreview(id: $id) { preview { url } } }";
    return new URL((await this.ask(query, { id })).sharePreview.preview.url).pathname;
  }
}

async function inParts(all, read) {
  const parts = [];
  for (let from = 0; from < all.length; from += AT_ONCE) parts.push(all.slice(from, from + AT_ONCE));
  const answers = [];
  const next = async () => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) answers.push(...(await read(part)));
  };
  await Promise.all(Array.from({ length: SHARED }, next));
  return answers;
}

const numberOf = (slug) => Number(slug.match(/^vector-(\d+)$/)[1]);
