<?php

declare(strict_types=1);

namespace Pages;

use PHPUnit\Framework\TestCase;
use WHMCS\Database\Capsule;
use WHMCS\Module\Server\Metalease\Module\Records;
use WHMCS\Module\Server\Metalease\Page\AdminArea;
use WHMCS\Module\Server\Metalease\Page\ClientArea;

require_once __DIR__ . '/load.php';

/**
 * Both pages, from WHMCS's parameters to the gateway's answer over HTTP.
 */
final class GatewayAnswersTest extends TestCase
{
    private const PROBLEM = ['type' => '/problems/worker-unavailable', 'title' => 'No worker answers', 'detail' => 'start a worker'];

    private static GatewayServer $server;

    public static function setUpBeforeClass(): void
    {
        self::$server = new GatewayServer();
    }

    public static function tearDownAfterClass(): void
    {
        self::$server->stop();
    }

    public function testTheServiceOfTheParametersIsAskedFor(): void
    {
        self::$server->answers(200, Samples::status('active'));
        self::assertSame('Your server is ready', self::client(['serviceid' => '101'])->text('//h4'));
        self::assertSame('GET /v1/services/101', self::$server->asked());
        self::client(['serviceid' => '101/../102?x=1', 'userid' => 7]);
        self::assertSame('GET /v1/services/101', self::$server->asked());
        self::assertSame('active what the gateway says in one sentence', self::row(['serviceid' => 101], 'Lifecycle'));
    }

    public function testTheRequestOfAClientChoosesNothing(): void
    {
        self::$server->answers(200, Samples::status('active'));
        $_GET = $_POST = $_REQUEST = ['id' => '102', 'serviceid' => '102'];
        self::client(['serviceid' => 101]);
        self::assertSame('GET /v1/services/101', self::$server->asked());
    }

    public function testAnotherServiceIsNeverShown(): void
    {
        self::$server->answers(200, ['service_id' => 102] + Samples::status('active'));
        self::assertStringNotContainsString('192.0.2', self::client(['serviceid' => 101])->visible());
        self::assertSame('The gateway told of another service.', self::row(['serviceid' => 101], 'Lifecycle'));
        self::assertSame(['Lifecycle'], array_keys((new AdminArea(self::$server->gateway()))->fields(['serviceid' => 101])));
    }

    public function testAServiceThatWasNotStarted(): void
    {
        self::$server->answers(404, ['type' => '/problems/unknown-service', 'title' => 'Unknown service']);
        $page = self::client(['serviceid' => 101, 'status' => 'Pending']);
        self::assertSame('Your order is being prepared', $page->text('//h4'));
        self::assertSame('yes', $page->text('//@data-refresh'));
        self::assertSame('Your server', self::client(['serviceid' => 101, 'status' => 'Active'])->text('//h4'));
        self::assertSame('This service has ended', self::client(['serviceid' => 101, 'status' => 'Terminated'])->text('//h4'));
        self::assertStringStartsWith('not started', self::row(['serviceid' => 101, 'status' => 'Pending'], 'Lifecycle'));
        self::assertStringContainsString('does not look after it', self::row(['serviceid' => 101, 'status' => 'Active'], 'Lifecycle'));
    }

    /**
     * @return iterable<string, array{0: int, 1: array<mixed>|string}>
     */
    public function silences(): iterable
    {
        yield 'no worker' => [503, self::PROBLEM];
        yield 'wrong secret' => [401, ['type' => '/problems/unauthorized', 'title' => 'The signature is wrong']];
        yield 'a proxy answers' => [502, '<html><body>nginx secret-host.internal</body></html>'];
        yield 'no object' => [200, '"text"'];
        yield 'an empty object' => [200, '[]'];
    }

    /**
     * @dataProvider silences
     *
     * @param array<mixed>|string $body
     */
    public function testSilenceIsACalmSentence(int $status, array|string $body): void
    {
        self::$server->answers($status, $body);
        self::assertCalm(self::client(['serviceid' => 101, 'status' => 'Active']));
        self::assertNotSame('', self::row(['serviceid' => 101], 'Lifecycle'));
    }

    public function testNobodyListens(): void
    {
        self::assertCalm(new Page(Rendering::client((new ClientArea(GatewayServer::nobody()))->output(['serviceid' => 101]))));
        $row = new Page((new AdminArea(GatewayServer::nobody()))->fields(['serviceid' => 101])['Lifecycle']);
        self::assertStringContainsString('cannot be reached', $row->visible(), 'staff read what to look at');
    }

    public function testNobodyIsAskedToPayTwice(): void
    {
        Capsule::table('tblproducts')->insert(['id' => 1, 'servertype' => 'metalease']);
        Capsule::table('tblhosting')->insert(['id' => 101, 'packageid' => 1, 'domainstatus' => 'Suspended', 'nextduedate' => '2001-01-01']);
        self::$server->answers(200, Samples::status('expired'));
        self::assertStringContainsString('not paid', self::client(['serviceid' => 101])->visible());
        Capsule::table('tblhosting')->update(['nextduedate' => '2999-01-01']);
        $paid = self::client(['serviceid' => 101]);
        self::assertSame('Your payment has arrived', $paid->text('//h4'));
        self::assertDoesNotMatchRegularExpression('/pay the|not paid|lost/', $paid->visible());
        self::$server->answers(200, Samples::status('expired and suspended'));
        $both = self::client(['serviceid' => 101]);
        self::assertSame('Your server is suspended', $both->text('//h4'), 'staff blocked it as well');
        self::assertDoesNotMatchRegularExpression('/pay the|not paid|lost/', $both->visible());
        Capsule::table('tblhosting')->delete();
        Capsule::table('tblproducts')->delete();
    }

    public function testStaffReadTheProblem(): void
    {
        self::$server->answers(503, self::PROBLEM);
        self::assertStringContainsString('No worker answers: start a worker', self::row(['serviceid' => 101], 'Lifecycle'));
    }

    public function testAServerIsNamedForOneService(): void
    {
        self::$server->answers(404, []);
        AdminArea::save(['serviceid' => 101], [AdminArea::FIELD => " 5 \x00", 'serviceid' => '102']);
        self::assertSame('5', Records::namedServer(101));
        self::assertSame('', Records::namedServer(102));
        $field = new Page((new AdminArea(self::$server->gateway()))->fields(['serviceid' => 101, 'status' => 'Pending'])['Server id']);
        self::assertSame('5', $field->text('//input/@value'));
        AdminArea::save(['serviceid' => 101], []);
        AdminArea::save(['serviceid' => 101], [AdminArea::FIELD => ['x']]);
        self::assertSame('5', Records::namedServer(101), 'a form without the field changes nothing');
        AdminArea::save(['serviceid' => 101], [AdminArea::FIELD => str_repeat('9', 400)]);
        self::assertSame(32, strlen(Records::namedServer(101)));
        AdminArea::save(['serviceid' => 101], [AdminArea::FIELD => '']);
        self::assertSame('', Records::namedServer(101));
    }

    public function testWhatOnlyWHMCSKnowsIsTold(): void
    {
        self::$server->answers(200, Samples::status('active'));
        self::assertArrayNotHasKey('Notice', (new AdminArea(self::$server->gateway()))->fields(['serviceid' => 101]));
        Records::note(101, 'the invoice was refunded <b>');
        self::assertSame('the invoice was refunded <b>', self::row(['serviceid' => 101], 'Notice'));
        Records::note(101, '');
    }

    public function testFunctionsSurviveEmptyParameters(): void
    {
        self::$server->answers(404, []);
        self::assertSame('This service has ended', self::client([])->text('//h4'));
        self::assertNotSame('', self::row([], 'Lifecycle'));
        AdminArea::save([], []);
    }

    private static function assertCalm(Page $page): void
    {
        self::assertSame('The details cannot be shown right now', $page->text('//h4'));
        self::assertSame('The details cannot be shown right now Your service is not affected. Please look again in a few minutes. This page updates by itself. Refresh', $page->visible());
    }

    /**
     * @param array<string, mixed> $params
     */
    private static function client(array $params): Page
    {
        return new Page(Rendering::client((new ClientArea(self::$server->gateway()))->output($params)));
    }

    /**
     * @param array<string, mixed> $params
     */
    private static function row(array $params, string $label): string
    {
        return (new Page((new AdminArea(self::$server->gateway()))->fields($params)[$label]))->visible();
    }
}
