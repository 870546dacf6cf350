"""Certificates that openssl makes for one run, and what a receiver needs to show them."""

import ssl
import subprocess

OPENSSL_SECONDS_MAX = 30


class Authority:
    """A certificate authority of its own, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "ca.pem"
        self.openssl("req", "-x509", *new_key("ca.key"), "-out", self.file, "-days", "2",
                     "-subj", "/CN=Authority of a test")

    def openssl(self, *words):
        subprocess.run(["openssl", *map(str, words)], cwd=self.folder, check=True,
                       capture_output=True, timeout=OPENSSL_SECONDS_MAX)

    def shown_by(self, label, names, days=2, is_own=False):
        """What a receiver shows: a certificate for these names, by this authority or by itself.
        `days`: until it ends; less than none: it has ended."""
        key, certificate = self.folder / f"{label}.key", self.folder / f"{label}.pem"
        self.openssl("req", "-new", *new_key(key), "-out", f"{label}.csr", "-subj", f"/CN={label}")
        (self.folder / f"{label}.ext").write_text(
            "subjectAltName=" + ",".join(f"DNS:{name}" for name in names))
        by = ["-signkey", key] if is_own else ["-CA", self.file, "-CAkey", "ca.key",
                                               "-CAcreateserial"]
        self.openssl("x509", "-req", "-in", f"{label}.csr", *by, "-out", certificate,
                     "-days", days, "-extfile", f"{label}.ext")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context


def new_key(file):
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file]
