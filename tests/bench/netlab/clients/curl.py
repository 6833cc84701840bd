"""curl: one PUT per file over a kept-alive connection, the whole file again after an error. FOLDER SINK LIMIT"""

import subprocess
import sys
import time

from tests.bench.netlab.clients.upload_run import UploadRun, dossiers

_EACH = ["-H", "Authorization: Bearer static-token-of-the-bench-000000000000", "-o", "/dev/null"]


def main() -> None:
    folder, sink, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
    run = UploadRun(limit)
    left = [path for text, photos in dossiers(folder) for path in (text, *photos)]
    while left and run.has_time:
        options = ["curl", "-sS", "--fail", "--fail-early", "-w", "%{http_code}\n", "--connect-timeout", "10"]
        options += ["--speed-limit", "200", "--speed-time", "20", "--max-time", str(max(1, int(run.left_s)))]
        for path in left:
            options += [*_EACH, "-T", str(path), f"{sink}/put/{path.name}"]
        said = subprocess.run(options, capture_output=True, text=True, check=False)
        sent = sum(line.startswith("2") for line in said.stdout.splitlines())
        run.believed += sent
        left = left[sent:]
        if left:
            run.failed(f"curl {said.returncode}")
            time.sleep(1)
    run.tell()


if __name__ == "__main__":
    main()
