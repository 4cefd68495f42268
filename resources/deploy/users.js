// Makes the three members one set, and its users; what is done already stays. For: mongosh --nodb users.js
const {LOADLENS_HOST, ADMIN_PASSWORD, LOADLENS_PASSWORD} = process.env;
const CA = process.env.CA_FILE || "/tls/ca.pem";
const PORTS = (process.env.PORTS || "27017,27018,27019").split(",");

// From this machine: there a server lets the first user be made by somebody who has not signed in.
function member(port) {
    const address = `mongodb://127.0.0.1:${port}/?directConnection=true&tls=true&tlsCAFile=${CA}`;
    return new Mongo(address).getDB("admin");
}

function primary() {
    for (;;) {
        const found = member(PORTS[0]).hello().primary;
        if (found) {
            return member(found.split(":").pop());
        }
        sleep(500);
    }
}

if (!member(PORTS[0]).hello().setName) {
    const members = PORTS.map((port, number) => ({_id: number, host: `${LOADLENS_HOST}:${port}`}));
    member(PORTS[0]).adminCommand({replSetInitiate: {_id: "loadlens", members}});
}

const admin = primary();
try {
    admin.auth("admin", ADMIN_PASSWORD);
} catch {
    admin.createUser({user: "admin", pwd: ADMIN_PASSWORD, roles: ["root"]});
    admin.auth("admin", ADMIN_PASSWORD);
}

// All that Loadlens does it does in this one database: no right on any other, and none to make users.
const loadlens = {pwd: LOADLENS_PASSWORD, roles: [{role: "readWrite", db: "power_consumption_db"}]};
if (admin.getUser("loadlens")) {
    admin.updateUser("loadlens", loadlens);
} else {
    admin.createUser({user: "loadlens", ...loadlens});
}
print("The set is ready.");
