-- The tables of WHMCS that a server module meets (docs/whmcs-api.md 6).
-- Zero dates are real values, as in the original. host_* tables belong to the test host.
CREATE TABLE tblconfiguration (setting TEXT PRIMARY KEY, value TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT);
CREATE TABLE tbladdonmodules (id INTEGER PRIMARY KEY AUTOINCREMENT, module TEXT, setting TEXT, value TEXT);
CREATE TABLE tbladmins (id INTEGER PRIMARY KEY AUTOINCREMENT, roleid INTEGER DEFAULT 1, username TEXT, firstname TEXT DEFAULT '', lastname TEXT DEFAULT '', email TEXT DEFAULT '', disabled INTEGER DEFAULT 0);

CREATE TABLE tblclients (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT DEFAULT '', firstname TEXT DEFAULT '', lastname TEXT DEFAULT '', companyname TEXT DEFAULT '',
  email TEXT DEFAULT '', address1 TEXT DEFAULT '', city TEXT DEFAULT '', state TEXT DEFAULT '', postcode TEXT DEFAULT '', country TEXT DEFAULT 'US',
  phonenumber TEXT DEFAULT '', currency INTEGER DEFAULT 1, language TEXT DEFAULT '', status TEXT DEFAULT 'Active', notes TEXT DEFAULT '',
  datecreated TEXT DEFAULT '0000-00-00');

CREATE TABLE tblservers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT DEFAULT '', ipaddress TEXT DEFAULT '', assignedips TEXT DEFAULT '', hostname TEXT DEFAULT '',
  type TEXT DEFAULT '', username TEXT DEFAULT '', password TEXT DEFAULT '', accesshash TEXT DEFAULT '', secure TEXT DEFAULT '', port INTEGER,
  active INTEGER DEFAULT 1, disabled INTEGER DEFAULT 0, maxaccounts INTEGER DEFAULT 0, statusaddress TEXT DEFAULT '');
CREATE TABLE tblservergroups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT DEFAULT '', filltype INTEGER DEFAULT 1);
CREATE TABLE tblservergroupsrel (groupid INTEGER, serverid INTEGER);

CREATE TABLE tblproductgroups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT DEFAULT '', slug TEXT DEFAULT '', hidden INTEGER DEFAULT 0);
CREATE TABLE tblproducts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, gid INTEGER DEFAULT 1, type TEXT DEFAULT 'server', name TEXT DEFAULT '', description TEXT DEFAULT '',
  paytype TEXT DEFAULT 'recurring', allowqty INTEGER DEFAULT 0, autosetup TEXT DEFAULT '', servertype TEXT DEFAULT '', servergroup INTEGER DEFAULT 0,
  welcomeemail INTEGER DEFAULT 1, stockcontrol INTEGER DEFAULT 0, qty INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0, retired INTEGER DEFAULT 0,
  configoption1 TEXT DEFAULT '', configoption2 TEXT DEFAULT '', configoption3 TEXT DEFAULT '', configoption4 TEXT DEFAULT '',
  configoption5 TEXT DEFAULT '', configoption6 TEXT DEFAULT '', configoption7 TEXT DEFAULT '', configoption8 TEXT DEFAULT '',
  configoption9 TEXT DEFAULT '', configoption10 TEXT DEFAULT '', configoption11 TEXT DEFAULT '', configoption12 TEXT DEFAULT '',
  configoption13 TEXT DEFAULT '', configoption14 TEXT DEFAULT '', configoption15 TEXT DEFAULT '', configoption16 TEXT DEFAULT '',
  configoption17 TEXT DEFAULT '', configoption18 TEXT DEFAULT '', configoption19 TEXT DEFAULT '', configoption20 TEXT DEFAULT '',
  configoption21 TEXT DEFAULT '', configoption22 TEXT DEFAULT '', configoption23 TEXT DEFAULT '', configoption24 TEXT DEFAULT '');
CREATE TABLE tblproductconfiggroups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT DEFAULT '', description TEXT DEFAULT '');
CREATE TABLE tblproductconfiglinks (gid INTEGER, pid INTEGER);
CREATE TABLE tblproductconfigoptions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, gid INTEGER, optionname TEXT DEFAULT '', optiontype TEXT DEFAULT '1',
  qtyminimum INTEGER DEFAULT 0, qtymaximum INTEGER DEFAULT 0, "order" INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0);
CREATE TABLE tblproductconfigoptionssub (id INTEGER PRIMARY KEY AUTOINCREMENT, configid INTEGER, optionname TEXT DEFAULT '', sortorder INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0);

CREATE TABLE tblpricing (
  id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT DEFAULT '', currency INTEGER DEFAULT 1, relid INTEGER DEFAULT 0,
  msetupfee NUMERIC DEFAULT 0, qsetupfee NUMERIC DEFAULT 0, ssetupfee NUMERIC DEFAULT 0, asetupfee NUMERIC DEFAULT 0,
  bsetupfee NUMERIC DEFAULT 0, tsetupfee NUMERIC DEFAULT 0, monthly NUMERIC DEFAULT 0, quarterly NUMERIC DEFAULT 0,
  semiannually NUMERIC DEFAULT 0, annually NUMERIC DEFAULT 0, biennially NUMERIC DEFAULT 0, triennially NUMERIC DEFAULT 0);

CREATE TABLE tblhosting (
  id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER DEFAULT 0, orderid INTEGER DEFAULT 0, packageid INTEGER DEFAULT 0, server INTEGER DEFAULT 0,
  regdate TEXT DEFAULT '0000-00-00', domain TEXT DEFAULT '', paymentmethod TEXT DEFAULT 'banktransfer', qty INTEGER DEFAULT 1,
  firstpaymentamount TEXT DEFAULT '0.00', amount TEXT DEFAULT '0.00', billingcycle TEXT DEFAULT 'Monthly', nextduedate TEXT DEFAULT '0000-00-00',
  nextinvoicedate TEXT DEFAULT '0000-00-00', termination_date TEXT DEFAULT '0000-00-00', completed_date TEXT DEFAULT '0000-00-00',
  domainstatus TEXT DEFAULT 'Pending', username TEXT DEFAULT '', password TEXT DEFAULT '', notes TEXT DEFAULT '', subscriptionid TEXT DEFAULT '',
  promoid INTEGER DEFAULT 0, suspendreason TEXT DEFAULT '', overideautosuspend INTEGER DEFAULT 0, overidesuspenduntil TEXT DEFAULT '0000-00-00',
  dedicatedip TEXT DEFAULT '', assignedips TEXT DEFAULT '', ns1 TEXT DEFAULT '', ns2 TEXT DEFAULT '', diskusage INTEGER DEFAULT 0,
  disklimit INTEGER DEFAULT 0, bwusage INTEGER DEFAULT 0, bwlimit INTEGER DEFAULT 0, lastupdate TEXT DEFAULT '0000-00-00 00:00:00',
  created_at TEXT, updated_at TEXT);
CREATE TABLE tblhostingaddons (id INTEGER PRIMARY KEY AUTOINCREMENT, orderid INTEGER, hostingid INTEGER, addonid INTEGER, status TEXT DEFAULT 'Pending');
CREATE TABLE tblhostingconfigoptions (id INTEGER PRIMARY KEY AUTOINCREMENT, relid INTEGER, configid INTEGER, optionid INTEGER, qty INTEGER DEFAULT 0);
CREATE TABLE tblcustomfields (
  id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT DEFAULT 'product', relid INTEGER DEFAULT 0, fieldname TEXT DEFAULT '', fieldtype TEXT DEFAULT 'text',
  description TEXT DEFAULT '', fieldoptions TEXT DEFAULT '', regexpr TEXT DEFAULT '', adminonly TEXT DEFAULT '', required TEXT DEFAULT '',
  showorder TEXT DEFAULT '', showinvoice TEXT DEFAULT '', sortorder INTEGER DEFAULT 0, created_at TEXT, updated_at TEXT);
CREATE TABLE tblcustomfieldsvalues (id INTEGER PRIMARY KEY AUTOINCREMENT, fieldid INTEGER, relid INTEGER, value TEXT DEFAULT '', created_at TEXT, updated_at TEXT);
CREATE TABLE tblcancelrequests (id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT, relid INTEGER, reason TEXT DEFAULT '', type TEXT DEFAULT '');

CREATE TABLE tblorders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, ordernum TEXT DEFAULT '', userid INTEGER DEFAULT 0, date TEXT DEFAULT '', status TEXT DEFAULT 'Pending',
  amount TEXT DEFAULT '0.00', invoiceid INTEGER DEFAULT 0, paymentmethod TEXT DEFAULT 'banktransfer', promocode TEXT DEFAULT '', notes TEXT DEFAULT '',
  ipaddress TEXT DEFAULT '127.0.0.1');
CREATE TABLE tblinvoices (
  id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER DEFAULT 0, invoicenum TEXT DEFAULT '', date TEXT DEFAULT '', duedate TEXT DEFAULT '',
  datepaid TEXT DEFAULT '0000-00-00 00:00:00', subtotal TEXT DEFAULT '0.00', total TEXT DEFAULT '0.00', status TEXT DEFAULT 'Unpaid',
  paymentmethod TEXT DEFAULT 'banktransfer', notes TEXT DEFAULT '');
CREATE TABLE tblinvoiceitems (
  id INTEGER PRIMARY KEY AUTOINCREMENT, invoiceid INTEGER DEFAULT 0, userid INTEGER DEFAULT 0, type TEXT DEFAULT '', relid INTEGER DEFAULT 0,
  description TEXT DEFAULT '', amount TEXT DEFAULT '0.00', taxed INTEGER DEFAULT 0, duedate TEXT DEFAULT '');
CREATE TABLE tblupgrades (id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER, orderid INTEGER, type TEXT, date TEXT, relid INTEGER, originalvalue TEXT, newvalue TEXT, amount TEXT, status TEXT DEFAULT 'Pending', paid TEXT DEFAULT 'N');

CREATE TABLE tblmodulequeue (
  id INTEGER PRIMARY KEY AUTOINCREMENT, service_type TEXT DEFAULT 'service', service_id INTEGER DEFAULT 0, module_name TEXT DEFAULT '',
  module_action TEXT DEFAULT '', last_attempt TEXT DEFAULT '0000-00-00 00:00:00', last_attempt_error TEXT DEFAULT '', num_retries INTEGER DEFAULT 0,
  completed INTEGER DEFAULT 0, created_at TEXT DEFAULT '0000-00-00 00:00:00', updated_at TEXT DEFAULT '0000-00-00 00:00:00');
CREATE TABLE tblmodulelog (id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT, module TEXT, action TEXT, request TEXT, response TEXT, arrdata TEXT);
CREATE TABLE tblactivitylog (id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT, description TEXT, user TEXT DEFAULT '', userid INTEGER DEFAULT 0, ipaddr TEXT DEFAULT '');
CREATE TABLE tbltickets (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tid TEXT DEFAULT '', did INTEGER DEFAULT 0, userid INTEGER DEFAULT 0, service TEXT DEFAULT '', title TEXT DEFAULT '',
  message TEXT DEFAULT '', status TEXT DEFAULT 'Open', urgency TEXT DEFAULT 'Medium', date TEXT);
CREATE TABLE tblticketreplies (id INTEGER PRIMARY KEY AUTOINCREMENT, tid INTEGER, admin TEXT DEFAULT '', message TEXT DEFAULT '', date TEXT);
CREATE TABLE tblticketdepartments (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT DEFAULT '', email TEXT DEFAULT '', hidden TEXT DEFAULT '');
CREATE TABLE tblemailtemplates (id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT DEFAULT 'product', name TEXT DEFAULT '', subject TEXT DEFAULT '', message TEXT DEFAULT '', custom INTEGER DEFAULT 0, disabled INTEGER DEFAULT 0);

-- The table of ISPsystem's module; [UNCONFIRMED] beyond the names of its columns.
CREATE TABLE mod_ispsystem (
  serviceid INTEGER PRIMARY KEY, external_id TEXT DEFAULT '', label TEXT DEFAULT '', ipmi_ip TEXT DEFAULT '', switch_port TEXT DEFAULT '', mac TEXT DEFAULT '');

CREATE TABLE host_mails (id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT, template TEXT, relid INTEGER, mergefields TEXT);
CREATE TABLE host_notifications (id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT, identifier TEXT, title TEXT, message TEXT, url TEXT, status TEXT, style TEXT, attributes TEXT);
CREATE TABLE host_calls (id INTEGER PRIMARY KEY AUTOINCREMENT, function TEXT, serviceid INTEGER, result TEXT, milliseconds INTEGER);
