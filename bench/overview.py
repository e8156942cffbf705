"""The overview page under load: requests at fixed times, whether or not the ones before were answered (open loop).

`python bench/overview.py [RATE] [SECONDS]` serves the installation of ESTIME_HOME and prints the latencies.
"""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(
    port: int, path: str, headers: dict[str, str], due: float, found: list[tuple[float, int, int]]
) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("GET", path, headers=headers)
        response = link.getresponse()
        size = len(response.read())
        found.append((time.perf_counter() - due, response.status, size))
    except OSError:
        found.append((30.0, 0, 0))
    finally:
        link.close()


def load(port: int, rate: float, seconds: float, headers: dict[str, str]) -> list[tuple[float, int, int]]:
    """Latency from the moment each request was due, its status, and its size."""
    found: list[tuple[float, int, int]] = []
    threads = []
    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        path = ("/fr/", "/en/")[number % 2]
        threads.append(threading.Thread(target=answer, args=(port, path, headers, due, found)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return found


def main(rate: float = 40.0, seconds: float = 30.0) -> dict[str, float]:
    """p50 and p99 in milliseconds, fresh pages (no conditional requests), and the number that were not answered."""
    port = free_port()
    command = [sys.executable, "-m", "estime", "serve", "--port", str(port), "--no-work"]
    server = subprocess.Popen(command, env=os.environ, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        load(port, 10, 2, {})
        found = load(port, rate, seconds, {})
    finally:
        server.terminate()
        server.wait(20)
    times = sorted(latency for latency, _, _ in found)
    told = {
        "p50": times[len(times) // 2] * 1000,
        "p99": times[int(len(times) * 0.99)] * 1000,
        "failed": sum(status != 200 for _, status, _ in found),
        "kB": max(size for _, _, size in found) / 1024,
    }
    print(f"overview at {rate:.0f} requests/s: " + ", ".join(f"{k} {v:.1f}" for k, v in told.items()))
    return told


if __name__ == "__main__":
    main(*(float(word) for word in sys.argv[1:]))
