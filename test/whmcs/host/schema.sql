-- The tables of WHMCS that a server module meets (docs/whmcs-api.md 6), in MySQL's words. Types are those that modules
-- report; WHMCS publishes none. Zero dates are real values, and a column without a default takes an empty one, since
-- sql_mode is empty. host_* tables belong to the test host. Each definition ends with ");" at the end of a line.
CREATE TABLE tblconfiguration (setting text NOT NULL, value text NOT NULL, created_at datetime NULL, updated_at datetime NULL);
CREATE TABLE tbladdonmodules (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, module text NOT NULL, setting text NOT NULL, value text NOT NULL);
CREATE TABLE tbladmins (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, roleid int(1) NOT NULL DEFAULT 1, username text NOT NULL, firstname text NOT NULL, lastname text NOT NULL, email text NOT NULL, disabled tinyint(1) NOT NULL DEFAULT 0);

CREATE TABLE tblcurrencies (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, code text NOT NULL, prefix text NOT NULL, suffix text NOT NULL, `default` int(1) NOT NULL DEFAULT 0);
CREATE TABLE tblpaymentgateways (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, gateway varchar(64) NOT NULL, setting text NOT NULL, value text NOT NULL, `order` int(1) NOT NULL DEFAULT 0);
CREATE TABLE tblpromotions (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, code text NOT NULL, type text NOT NULL, value decimal(16,2) NOT NULL DEFAULT '0.00', startdate date NOT NULL DEFAULT '0000-00-00',
  expirationdate date NOT NULL DEFAULT '0000-00-00', maxuses int(10) NOT NULL DEFAULT 0, uses int(10) NOT NULL DEFAULT 0);
CREATE TABLE tblclients (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, uuid varchar(255) NOT NULL, firstname text NOT NULL, lastname text NOT NULL, companyname text NOT NULL,
  email text NOT NULL, address1 text NOT NULL, address2 text NOT NULL, city text NOT NULL, state text NOT NULL, postcode text NOT NULL, country varchar(2) NOT NULL DEFAULT 'US',
  phonenumber text NOT NULL, password text NOT NULL, currency int(10) NOT NULL DEFAULT 1, credit decimal(16,2) NOT NULL DEFAULT '0.00', language text NOT NULL,
  status enum('Active','Inactive','Closed') NOT NULL DEFAULT 'Active', allow_sso tinyint(1) NOT NULL DEFAULT 1, notes text NOT NULL, datecreated date NOT NULL DEFAULT '0000-00-00');

CREATE TABLE tblservers (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, ipaddress text NOT NULL, assignedips text NOT NULL, hostname text NOT NULL,
  type text NOT NULL, username text NOT NULL, password text NOT NULL, accesshash text NOT NULL, secure text NOT NULL, port int(8) NULL,
  active int(1) NOT NULL DEFAULT 1, disabled int(1) NOT NULL DEFAULT 0, maxaccounts int(10) NOT NULL DEFAULT 0, statusaddress text NOT NULL);
CREATE TABLE tblservergroups (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, filltype int(1) NOT NULL DEFAULT 1);
CREATE TABLE tblservergroupsrel (groupid int(10) NOT NULL, serverid int(10) NOT NULL);

CREATE TABLE tblproductgroups (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, slug varchar(128) NOT NULL, hidden tinyint(1) NOT NULL DEFAULT 0);
CREATE TABLE tblproducts (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, gid int(10) NOT NULL DEFAULT 1, type varchar(32) NOT NULL DEFAULT 'server', name text NOT NULL, description text NOT NULL,
  paytype text NOT NULL, allowqty int(1) NOT NULL DEFAULT 0, autosetup text NOT NULL, servertype text NOT NULL, servergroup int(10) NOT NULL DEFAULT 0,
  welcomeemail int(10) NOT NULL DEFAULT 1, stockcontrol tinyint(1) NOT NULL DEFAULT 0, qty int(10) NOT NULL DEFAULT 0, hidden tinyint(1) NOT NULL DEFAULT 0, retired tinyint(1) NOT NULL DEFAULT 0,
  configoption1 text NOT NULL, configoption2 text NOT NULL, configoption3 text NOT NULL, configoption4 text NOT NULL,
  configoption5 text NOT NULL, configoption6 text NOT NULL, configoption7 text NOT NULL, configoption8 text NOT NULL,
  configoption9 text NOT NULL, configoption10 text NOT NULL, configoption11 text NOT NULL, configoption12 text NOT NULL,
  configoption13 text NOT NULL, configoption14 text NOT NULL, configoption15 text NOT NULL, configoption16 text NOT NULL,
  configoption17 text NOT NULL, configoption18 text NOT NULL, configoption19 text NOT NULL, configoption20 text NOT NULL,
  configoption21 text NOT NULL, configoption22 text NOT NULL, configoption23 text NOT NULL, configoption24 text NOT NULL);
CREATE TABLE tblproductconfiggroups (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, description text NOT NULL);
CREATE TABLE tblproductconfiglinks (gid int(10) NOT NULL, pid int(10) NOT NULL);
CREATE TABLE tblproductconfigoptions (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, gid int(10) NOT NULL DEFAULT 0, optionname text NOT NULL, optiontype text NOT NULL,
  qtyminimum int(10) NOT NULL DEFAULT 0, qtymaximum int(10) NOT NULL DEFAULT 0, `order` int(1) NOT NULL DEFAULT 0, hidden int(1) NOT NULL DEFAULT 0);
CREATE TABLE tblproductconfigoptionssub (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, configid int(10) NOT NULL, optionname text NOT NULL, sortorder int(10) NOT NULL DEFAULT 0, hidden int(1) NOT NULL DEFAULT 0);

CREATE TABLE tblpricing (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, type varchar(20) NOT NULL, currency int(10) NOT NULL DEFAULT 1, relid int(10) NOT NULL DEFAULT 0,
  msetupfee decimal(16,2) NOT NULL DEFAULT '0.00', qsetupfee decimal(16,2) NOT NULL DEFAULT '0.00', ssetupfee decimal(16,2) NOT NULL DEFAULT '0.00', asetupfee decimal(16,2) NOT NULL DEFAULT '0.00',
  bsetupfee decimal(16,2) NOT NULL DEFAULT '0.00', tsetupfee decimal(16,2) NOT NULL DEFAULT '0.00', monthly decimal(16,2) NOT NULL DEFAULT '0.00', quarterly decimal(16,2) NOT NULL DEFAULT '0.00',
  semiannually decimal(16,2) NOT NULL DEFAULT '0.00', annually decimal(16,2) NOT NULL DEFAULT '0.00', biennially decimal(16,2) NOT NULL DEFAULT '0.00', triennially decimal(16,2) NOT NULL DEFAULT '0.00');

CREATE TABLE tblhosting (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, userid int(10) NOT NULL DEFAULT 0, orderid int(10) NOT NULL DEFAULT 0, packageid int(10) NOT NULL DEFAULT 0, server int(10) NOT NULL DEFAULT 0,
  regdate date NOT NULL DEFAULT '0000-00-00', domain text NOT NULL, paymentmethod text NOT NULL, qty int(10) NOT NULL DEFAULT 1,
  firstpaymentamount decimal(16,2) NOT NULL DEFAULT '0.00', amount decimal(16,2) NOT NULL DEFAULT '0.00', billingcycle text NOT NULL, nextduedate date NOT NULL DEFAULT '0000-00-00',
  nextinvoicedate date NOT NULL DEFAULT '0000-00-00', termination_date date NOT NULL DEFAULT '0000-00-00', completed_date date NOT NULL DEFAULT '0000-00-00',
  domainstatus enum('Pending','Active','Suspended','Terminated','Cancelled','Fraud','Completed') NOT NULL DEFAULT 'Pending', username text NOT NULL, password text NOT NULL, notes text NOT NULL, subscriptionid text NOT NULL,
  promoid int(10) NOT NULL DEFAULT 0, suspendreason text NOT NULL, overideautosuspend tinyint(1) NOT NULL DEFAULT 0, overidesuspenduntil date NOT NULL DEFAULT '0000-00-00',
  dedicatedip text NOT NULL, assignedips text NOT NULL, ns1 text NOT NULL, ns2 text NOT NULL, diskusage int(10) NOT NULL DEFAULT 0,
  disklimit int(10) NOT NULL DEFAULT 0, bwusage int(10) NOT NULL DEFAULT 0, bwlimit int(10) NOT NULL DEFAULT 0, lastupdate datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  created_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00');
CREATE TABLE tblhostingaddons (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, orderid int(10) NOT NULL DEFAULT 0, hostingid int(10) NOT NULL DEFAULT 0, addonid int(10) NOT NULL DEFAULT 0, status varchar(32) NOT NULL DEFAULT 'Pending');
CREATE TABLE tblhostingconfigoptions (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, relid int(10) NOT NULL, configid int(10) NOT NULL, optionid int(10) NOT NULL, qty int(10) NOT NULL DEFAULT 0);
CREATE TABLE tblcustomfields (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, type varchar(16) NOT NULL DEFAULT 'product', relid int(10) NOT NULL DEFAULT 0, fieldname text NOT NULL, fieldtype varchar(16) NOT NULL DEFAULT 'text',
  description text NOT NULL, fieldoptions text NOT NULL, regexpr text NOT NULL, adminonly text NOT NULL, required text NOT NULL,
  showorder text NOT NULL, showinvoice text NOT NULL, sortorder int(10) NOT NULL DEFAULT 0, created_at datetime NULL, updated_at datetime NULL);
CREATE TABLE tblcustomfieldsvalues (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, fieldid int(10) NOT NULL, relid int(10) NOT NULL, value text NOT NULL, created_at datetime NULL, updated_at datetime NULL);
CREATE TABLE tblcancelrequests (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, date datetime NOT NULL, relid int(10) NOT NULL, reason text NOT NULL, type text NOT NULL);

CREATE TABLE tblorders (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, ordernum bigint(10) NOT NULL DEFAULT 0, userid int(10) NOT NULL DEFAULT 0, date datetime NOT NULL DEFAULT '0000-00-00 00:00:00', status varchar(32) NOT NULL DEFAULT 'Pending',
  amount decimal(16,2) NOT NULL DEFAULT '0.00', invoiceid int(10) NOT NULL DEFAULT 0, paymentmethod text NOT NULL, promocode text NOT NULL, notes text NOT NULL,
  ipaddress text NOT NULL);
CREATE TABLE tblinvoices (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, userid int(10) NOT NULL DEFAULT 0, invoicenum text NOT NULL, date date NOT NULL DEFAULT '0000-00-00', duedate date NOT NULL DEFAULT '0000-00-00',
  datepaid datetime NOT NULL DEFAULT '0000-00-00 00:00:00', subtotal decimal(16,2) NOT NULL DEFAULT '0.00', credit decimal(16,2) NOT NULL DEFAULT '0.00', total decimal(16,2) NOT NULL DEFAULT '0.00', status varchar(32) NOT NULL DEFAULT 'Unpaid',
  paymentmethod text NOT NULL, notes text NOT NULL);
CREATE TABLE tblinvoiceitems (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, invoiceid int(10) NOT NULL DEFAULT 0, userid int(10) NOT NULL DEFAULT 0, type varchar(30) NOT NULL, relid int(10) NOT NULL DEFAULT 0,
  description text NOT NULL, amount decimal(16,2) NOT NULL DEFAULT '0.00', taxed int(1) NOT NULL DEFAULT 0, duedate date NOT NULL DEFAULT '0000-00-00');
CREATE TABLE tblupgrades (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, userid int(10) NOT NULL, orderid int(10) NOT NULL, type text NOT NULL, date date NOT NULL, relid int(10) NOT NULL, originalvalue text NOT NULL, newvalue text NOT NULL, amount decimal(16,2) NOT NULL, status varchar(32) NOT NULL DEFAULT 'Pending', paid varchar(1) NOT NULL DEFAULT 'N');

CREATE TABLE tblmodulequeue (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, service_type varchar(20) NOT NULL DEFAULT 'service', service_id int(10) NOT NULL DEFAULT 0, module_name varchar(64) NOT NULL,
  module_action varchar(64) NOT NULL, last_attempt datetime NOT NULL DEFAULT '0000-00-00 00:00:00', last_attempt_error text NOT NULL, num_retries int(10) NOT NULL DEFAULT 0,
  completed tinyint(1) NOT NULL DEFAULT 0, created_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00', updated_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00');
CREATE TABLE tblmodulelog (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, date datetime NOT NULL, module text NOT NULL, action text NOT NULL, request mediumtext NOT NULL, response mediumtext NOT NULL, arrdata mediumtext NOT NULL);
CREATE TABLE tblactivitylog (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, date datetime NOT NULL, description text NOT NULL, user text NOT NULL, userid int(10) NOT NULL DEFAULT 0, ipaddr text NOT NULL);
CREATE TABLE tbltickets (
  id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, tid varchar(128) NOT NULL, did int(10) NOT NULL DEFAULT 0, userid int(10) NOT NULL DEFAULT 0, service text NOT NULL, title text NOT NULL,
  message text NOT NULL, status varchar(64) NOT NULL DEFAULT 'Open', urgency text NOT NULL, date datetime NOT NULL);
CREATE TABLE tblticketreplies (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, tid int(10) NOT NULL, admin text NOT NULL, message text NOT NULL, date datetime NOT NULL);
CREATE TABLE tblticketdepartments (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, name text NOT NULL, email text NOT NULL, hidden text NOT NULL);
CREATE TABLE tblemailtemplates (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, type varchar(32) NOT NULL DEFAULT 'product', name text NOT NULL, subject text NOT NULL, message text NOT NULL, custom int(1) NOT NULL DEFAULT 0, disabled int(1) NOT NULL DEFAULT 0);

-- The table of ISPsystem's module; [UNCONFIRMED] beyond the names of its columns.
CREATE TABLE mod_ispsystem (
  serviceid int(10) NOT NULL PRIMARY KEY, external_id text NOT NULL, label text NOT NULL, ipmi_ip text NOT NULL, switch_port text NOT NULL, mac text NOT NULL);

CREATE TABLE host_mails (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, date datetime NOT NULL, template text NOT NULL, relid int(10) NOT NULL, mergefields mediumtext NOT NULL);
CREATE TABLE host_notifications (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, date datetime NOT NULL, identifier text NOT NULL, title text NOT NULL, message text NOT NULL, url text NOT NULL, status text NOT NULL, style text NOT NULL, attributes text NOT NULL);
CREATE TABLE host_calls (id int(10) NOT NULL AUTO_INCREMENT PRIMARY KEY, `function` text NOT NULL, serviceid int(10) NOT NULL DEFAULT 0, result mediumtext NOT NULL, milliseconds int(10) NOT NULL DEFAULT 0);
CREATE TABLE host_tokens (token varchar(64) NOT NULL PRIMARY KEY, clientid int(10) NOT NULL, path text NOT NULL, expires bigint(20) NOT NULL);
