//! `cargo xtask serve`: build the site, then serve it to this machine.

use std::net::SocketAddr;

use anyhow::Result;
use repository::args::Args;
use repository::paths;
use server::{Server, Site, listen};

use crate::build;

pub(crate) fn command(mut args: Args) -> Result<()> {
    let port = args.value("--port")?.unwrap_or(8080);
    let host: String = args.value("--host")?.unwrap_or_else(|| "127.0.0.1".into());
    args.none()?;
    // Take the port first: a minute of building for nothing helps nobody.
    let listener = listen(&host, port)?;
    let folder = paths::root().join("dist");
    let more = build::build_first(&folder)?;
    let server = Server::start(listener, Site::isolated(&folder)?)?;
    println!("{}", greeting(server.address));
    if more {
        println!("\nMeanwhile the builds for other browsers are made. The page can be used.");
        // It is served all the same, and the next time it is tried again.
        match build::build(&folder) {
            Ok(()) => println!("\nEverything is built."),
            Err(error) => eprintln!("\nThe builds for other browsers could not be made: {error:#}"),
        }
    }
    server.wait();
    Ok(())
}

fn greeting(address: SocketAddr) -> String {
    format!(
        "\nSemblance is at http://{address}\n\
         \n\
         Drop pictures there, type words, and see how well they match.\n\
         The bundled model loads from this machine; nothing leaves it, and no network is needed.\n\
         The library is at http://{address}/semblance.js\n\
         Ctrl-C ends."
    )
}
