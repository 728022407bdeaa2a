/** tls{} blocks of listeners; `more` adds keys. */
export const tlsA = (more = ""): string => tls("a", more);
export const tlsB = (more = ""): string => tls("b", more);

function tls(name: string, more: string): string {
  return `tls { cert_file: "{fixtures}/${name}.pem", key_file: "{fixtures}/${name}.key", ca_file: "{fixtures}/ca.pem"${more === "" ? "" : `, ${more}`} }`;
}
