//! nginx with one static file: what a request costs when nothing has to be thought about.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::exchange;

/// A running nginx; dropping it ends it.
pub(super) struct Nginx {
    master: Child,
    pub(super) address: SocketAddr,
}

impl Nginx {
    /// Serves `size` bytes of JSON at `/answer.json`, with two workers and `sendfile`, and without a log, which ours writes.
    pub(super) fn start(program: &Path, folder: &Path, size: usize) -> io::Result<Self> {
        let folder = folder.join("nginx");
        fs::create_dir_all(folder.join("html"))?;
        fs::write(folder.join("html/answer.json"), "x".repeat(size))?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        fs::write(folder.join("nginx.conf"), configuration(&folder, address))?;
        let mut command = Command::new(program);
        command.arg("-c").arg(folder.join("nginx.conf")).arg("-p").arg(&folder).arg("-e").arg(folder.join("error.log"));
        let master = command.stdin(Stdio::null()).spawn()?;
        let nginx = Self { master, address };
        nginx.wait_until_ready()?;
        Ok(nginx)
    }

    fn wait_until_ready(&self) -> io::Result<()> {
        let begun = Instant::now();
        loop {
            match exchange::exchange(self.address, &exchange::get("/answer.json")) {
                Ok(answer) if answer.status == 200 => return Ok(()),
                result if begun.elapsed() > Duration::from_secs(10) => {
                    return Err(io::Error::other(format!("nginx does not answer: {:?}", result.map(|it| it.status))));
                }
                _ => std::thread::park_timeout(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The workers end with their master; what cannot be ended is not ours any more.
        if let Some(pid) = rustix::process::Pid::from_raw(i32::try_from(self.master.id()).unwrap_or_default()) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = self.master.wait();
    }
}

fn configuration(folder: &Path, address: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        "daemon off;\nworker_processes 2;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{\n  types {{ application/json json; }}\n  sendfile on;\n  tcp_nopush on;\n  keepalive_requests 1000000000;\n\
         \x20 access_log off;\n  client_body_temp_path {folder}/body;\n  proxy_temp_path {folder}/proxy;\n\
         \x20 fastcgi_temp_path {folder}/fastcgi;\n  uwsgi_temp_path {folder}/uwsgi;\n  scgi_temp_path {folder}/scgi;\n\
         \x20 server {{ listen {address}; root {folder}/html; }}\n}}\n"
    )
}
