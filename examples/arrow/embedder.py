"""`semblance embed --arrow` as a function from table to table, for whatever hands out Arrow."""
import os, subprocess, tempfile

import pyarrow as pa

SCHEMA = pa.schema([('key', pa.string()), ('vector', pa.list_(pa.field('item', pa.float32(), nullable=False))), ('error', pa.string())])


class Embedder:
    """One running program with its model loaded; each process or worker has its own.

    Takes tables with `path`, and with `bytes` (or `content`) where the pictures are not to be read from there. Gives a table of SCHEMA, row for
    row: `vector` of unit length, or null with what is wrong in `error`.
    """

    def __init__(self, program, model, threads=1):
        self.said = tempfile.TemporaryFile()
        command = [program, 'embed', '--arrow', '--model', model, '--threads', str(threads), '--jobs', str(threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said)
        self.written = self.read = None

    def __call__(self, table):
        answers = []
        # A batch is answered as soon as it has come, so writing and reading take turns; none waits for the other.
        for batch in table.to_batches():
            try:
                if self.written is None:
                    self.written = pa.ipc.new_stream(self.process.stdin, batch.schema)
                self.written.write_batch(batch)
                self.process.stdin.flush()
                if self.read is None:
                    self.read = pa.ipc.open_stream(self.process.stdout)
                answers.append(self.read.read_next_batch())
            except (BrokenPipeError, StopIteration, pa.ArrowInvalid):
                code = self.process.wait()
                self.said.seek(0)
                raise RuntimeError(f'semblance embed ended with {code}: {self.said.read().decode(errors="replace").strip()}') from None
        return pa.Table.from_batches(answers, answers[0].schema if answers else SCHEMA)

    def close(self):
        """End the program. Otherwise it ends with the process that made this."""
        if self.written is not None:
            self.written.close()
        self.process.stdin.close()
        self.process.wait()


def files(pictures):
    """The paths of a folder's files, in any depth, sorted."""
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(pictures) for name in names)
