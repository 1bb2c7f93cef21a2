import type { RouteConfig } from "fresh";

export const config: RouteConfig = { routeOverride: "/moved/:id(\\d+)" };

export const handler = { GET: () => new Response("moved here") };
