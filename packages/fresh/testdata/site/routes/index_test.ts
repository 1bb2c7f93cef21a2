/** Lies where routes do, but is none: its name says that it is a test. */
export const handler = () => new Response("reached");
