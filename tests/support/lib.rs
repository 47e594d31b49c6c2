//! Builders that play a consultation against a real server.
