//! TLS for the listener: rustls with ring, TLS 1.2 and 1.3, no client certificates.
//!
//! Whatever is wrong with the files is an error at start. There is no way from here to an unencrypted listener.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::Tls;
use crate::error::Error;

/// Name of the protocol inside TLS when the client begins with TLS (registered with IANA by PostgreSQL 17).
pub(super) const ALPN: &[u8] = b"postgresql";

/// What a listener with TLS needs.
pub(super) struct Certificate {
    /// Takes connections.
    pub(super) acceptor: TlsAcceptor,
    /// The certificates as PEM: SCRAM binds the login to the first one.
    pub(super) pem: Vec<u8>,
}

/// Reads certificate and key.
///
/// # Errors
/// A file is missing, the key is readable by others, or the two do not belong together.
pub(super) fn read(tls: &Tls) -> Result<Certificate, Error> {
    let setup = |path: &std::path::Path, error: &dyn std::fmt::Display| {
        Error::Setup(format!("TLS: {}: {error}", path.display()))
    };
    let pem = std::fs::read(&tls.certificate).map_err(|error| setup(&tls.certificate, &error))?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| setup(&tls.certificate, &error))?;
    if chain.is_empty() {
        return Err(setup(&tls.certificate, &"holds no certificate in PEM form"));
    }
    let key = auditstore::keys::read_secret(&tls.key).map_err(|error| setup(&tls.key, &error))?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
        .map_err(|_| setup(&tls.key, &"holds no private key in PEM form"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| setup(&tls.certificate, &error))?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(Certificate { acceptor: TlsAcceptor::from(Arc::new(config)), pem })
}
