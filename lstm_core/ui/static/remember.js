// Keeps a small choice in a cookie of this browser, so that the server knows it with the first page of the next visit.

const YEAR = 365 * 24 * 3600; // seconds

export default function remember({ data: { name, value } }) {
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Max-Age=${YEAR}`;
}
