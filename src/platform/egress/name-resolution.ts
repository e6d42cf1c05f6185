import { lookup, Resolver } from 'node:dns/promises';

/** The addresses of a host name, IPv4 and IPv6, in the order in which they are tried. */
export type ResolveName = (hostname: string) => Promise<readonly string[]>;

/**
 * Asks the name servers over sockets. The system's resolver would hold one of the process's four worker threads
 * for as long as a hostile name server keeps silent, and files and passwords wait behind them. It also reads
 * neither the hosts file nor search domains, so that a short name cannot become one of the own network.
 */
export function askNameServers(servers?: readonly string[]): ResolveName {
  return async (hostname) => {
    // A resolver per question: it reads the system's list of servers when it is made.
    const resolver = new Resolver({ timeout: 1_000, tries: 2 });
    if (servers) resolver.setServers(servers);
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0 && v4.status === 'rejected') throw v4.reason;
    return addresses;
  };
}

/** The system's own way, which also knows `localhost`, the hosts file and the names of a compose network. */
export const askOperatingSystem: ResolveName = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};
