#!/bin/sh
# Makes what is missing of: a CA, a certificate for the host that it vouches for, and the members' keyfile.
#
#   sh certificates.sh HOST TLS_FOLDER AUTHORITY_FOLDER
#
# TLS_FOLDER gets keyfile, server.pem and ca.pem, which every workstation needs; AUTHORITY_FOLDER the CA's key,
# which no server needs. A certificate that ends within 30 days, or is for another host, is made anew.
set -eu
host=$1 tls=$2 authority=$3
umask 077

if [ ! -s "$tls/keyfile" ]; then
    openssl rand -base64 756 >"$tls/keyfile"
fi

if [ ! -s "$authority/ca.key" ]; then
    openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/O=Loadlens/CN=Loadlens database CA" \
        -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$authority/ca.key" -out "$tls/ca.pem"
fi

if ! { openssl x509 -in "$tls/server.pem" -noout -checkend 2592000 &&
    [ "$(cat "$tls/host")" = "$host" ]; } >/dev/null 2>&1; then
    cat >"$authority/server.ext" <<-END
	basicConstraints=critical,CA:FALSE
	keyUsage=critical,digitalSignature
	extendedKeyUsage=serverAuth,clientAuth
	authorityKeyIdentifier=keyid
	subjectAltName=DNS:$host,DNS:localhost,IP:127.0.0.1
	END
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/O=Loadlens/CN=$host" \
        -keyout "$authority/server.key" -out "$authority/server.csr"
    openssl x509 -req -in "$authority/server.csr" -CA "$tls/ca.pem" -CAkey "$authority/ca.key" \
        -set_serial "0x$(openssl rand -hex 16)" -days 820 -extfile "$authority/server.ext" \
        -out "$authority/server.crt"
    cat "$authority/server.key" "$authority/server.crt" >"$tls/server.pem"
    rm "$authority"/server.*
    printf %s "$host" >"$tls/host"
fi

chmod 755 "$tls"
chmod 444 "$tls/ca.pem"
chmod 400 "$tls/keyfile" "$tls/server.pem"
if [ "$(id -u)" = 0 ] && id mongodb >/dev/null 2>&1; then
    chown mongodb "$tls/keyfile" "$tls/server.pem"
fi
