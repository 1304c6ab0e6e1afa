export const API_OPTIONS = Symbol('api options');

export interface ApiOptions {
  /** Opens `POST /api/v3/projects`. */
  readonly adminKey: string;
  /** The address in ping URLs and links; asked each time, because the port is only known once listening. */
  readonly publicUrl: () => string;
  /** True: the dashboard always asks for a key, because more than this machine's own people can reach it. */
  readonly dashboardNeedsKey: boolean;
}
