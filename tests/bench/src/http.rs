//! One HTTP request at a time, to a server on this machine.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, bail};

/// Sends a request and gives status and body.
pub fn call(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: &str,
    json: Option<&serde_json::Value>,
) -> anyhow::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let body = json.map(|json| json.to_string()).unwrap_or_default();
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    if !token.is_empty() {
        head += &format!("Authorization: Bearer {token}\r\n");
    }
    if json.is_some() {
        head += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without a head")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let status =
        head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("an answer without a status")?;
    if head.contains("transfer-encoding: chunked") {
        return Ok((status, dechunked(&answer[end + 4..])?));
    }
    Ok((status, answer[end + 4..].to_vec()))
}

fn dechunked(mut rest: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").context("a chunk without a length")?;
        let length = std::str::from_utf8(&rest[..line])?.split(';').next().unwrap_or_default().trim();
        let length = usize::from_str_radix(length, 16)?;
        if length == 0 {
            return Ok(body);
        }
        let start = line + 2;
        body.extend_from_slice(rest.get(start..start + length).context("a chunk that was cut")?);
        rest = rest.get(start + length + 2..).context("a chunk without an end")?;
    }
}

/// Sends JSON and reads JSON from an answer of status 200 to 299.
pub fn post(
    address: SocketAddr,
    path: &str,
    token: &str,
    json: &serde_json::Value,
) -> anyhow::Result<serde_json::Value> {
    let (status, body) = call(address, "POST", path, token, Some(json))?;
    if !(200..300).contains(&status) {
        bail!("POST {path} was answered {status}: {}", String::from_utf8_lossy(&body));
    }
    Ok(serde_json::from_slice(&body)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn chunks_are_joined() {
        let body = b"4\r\nWiki\r\n5;x=y\r\npedia\r\n0\r\n\r\n";
        assert_eq!(super::dechunked(body).unwrap(), b"Wikipedia");
        assert!(super::dechunked(&body[..9]).is_err());
    }
}
