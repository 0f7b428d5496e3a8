<?php

declare(strict_types=1);

namespace WHMCS\Module\Server\Metalease\Running;

use WHMCS\Module\Server\Metalease\Gateway\Gateways;
use WHMCS\Module\Server\Metalease\Gateway\Status;
use WHMCS\Module\Server\Metalease\Gateway\Unreachable;
use WHMCS\Module\Server\Metalease\Module\Guard;
use WHMCS\Module\Server\Metalease\Module\Refusal;
use WHMCS\Module\Server\Metalease\Module\Service;
use WHMCS\Module\Server\Metalease\Module\Text;
use WHMCS\Module\Server\Metalease\Page\Html;
use WHMCS\Module\Server\Metalease\Page\Language;

defined('WHMCS') || die();

/**
 * The page that lets a browser into the panel, or to a console: a client as the client's account, staff as the API
 * account. The gateway makes the way in at the click. The browser sends it on in the body of a form.
 */
final class SignOnPage
{
    private const HEADERS = [
        'Content-Type: text/html; charset=utf-8', 'Cache-Control: no-store', 'Pragma: no-cache',
        'Referrer-Policy: no-referrer', 'X-Frame-Options: DENY', 'X-Robots-Tag: noindex',
    ];

    /**
     * Answers the request that PHP runs for.
     */
    public static function serve(): void
    {
        [$status, $html] = self::answer($_POST);
        http_response_code($status);
        array_map(header(...), self::HEADERS);
        echo $html;
    }

    /**
     * The page for what a form has sent.
     *
     * @param array<string, mixed> $form
     * @return array{0: int, 1: string} HTTP status and HTML
     */
    public static function answer(array $form): array
    {
        $staff = ($form['as'] ?? '') === 'staff';
        $id = (int) ($form['id'] ?? 0);
        $language = Language::ofClient(['userid' => Visitor::client()]);
        $words = $staff ? Language::named('english') : $language;
        try {
            return [200, self::door(self::way($id, $form, $staff), $words)];
        } catch (Refused $refused) {
            return [403, self::said($words->text($refused->key, $refused->words), $id, $staff, $words)];
        } catch (Unreachable | Refusal $fault) {
            $why = $staff ? $fault->getMessage() : $words->text('refused_unknown');
            return [503, self::said($why, $id, $staff, $words)];
        } catch (\Throwable $fault) {
            $said = static fn (string $why): string => $staff ? $why : $words->text('refused_unknown');
            return [500, self::said(Guard::value(static fn () => throw $fault, $said), $id, $staff, $words)];
        }
    }

    /**
     * Asks the gateway for a way in.
     *
     * @param array<string, mixed> $form
     */
    private static function way(int $id, array $form, bool $staff): Status
    {
        $target = $form['target'] ?? '';
        $service = Visitor::sentTheForm() ? Service::find($id) : null;
        $may = $service !== null && ($staff ? Visitor::admin() > 0 : Visitor::client() === $service->client);
        if (!$may || !in_array($target, ['panel', 'console'], true)) {
            throw new Refused('refused_form');
        }
        if ($staff && !Visitor::mayOperate()) { // the API account may do everything in the panel
            throw new Refused('refused_role', ['name' => Visitor::OPERATES]);
        }
        if (!$staff && !Visitor::maySignOn($service->client)) {
            throw new Refused('refused_person');
        }
        if (!$staff) {
            Limit::count($id, 'sso', Visitor::newClick());
        }
        $actor = $staff ? Visitor::asStaff() : Visitor::asClient($service->client);
        $gateway = (new Gateways())->forService($id);
        $wish = ['target' => $target, 'actor' => $actor, 'event_id' => Visitor::newClick()];
        $reply = $gateway->call('POST', "/v1/services/$id/sso", $wish, 20, true);
        if ($reply->ok()) {
            return new Status($reply->body);
        }
        if ($staff) {
            throw new Refusal($reply->problem() . '.');
        }
        throw match (true) {
            $reply->status === 429 => new Refused('refused_often', ['minutes' => 1]),
            $reply->status === 409 => new Refused(self::because($id)),
            default => new Refused('refused_unknown'),
        };
    }

    /**
     * Why there is no way in now, in words for a customer.
     */
    private static function because(int $id): string
    {
        $reply = (new Gateways())->forService($id)->call('GET', "/v1/services/$id");
        return (new State(new Status($reply->body)))->refusal() ?: 'refused_now';
    }

    /**
     * The page with the form that the browser sends on by itself, or by a button.
     */
    private static function door(Status $way, Language $words): string
    {
        $url = $way->text('url');
        if (preg_match('~^https?://~i', $url) !== 1) {
            throw new Refusal('The gateway named no address of the web.');
        }
        $fields = '';
        foreach ($way->map('fields') as $name => $value) {
            $fields .= '<input type="hidden" name="' . Html::text($name) . '" value="' . Html::text($value) . '">';
        }
        return self::page(
            $words,
            '<form id="door" method="post" action="' . Html::text($url) . '">' . $fields
            . '<p>' . Html::text($words->text('door_text')) . '</p>'
            . '<p><button type="submit">' . Html::text($words->text('door_button')) . '</button></p></form>'
            . '<script>document.getElementById("door").submit();</script>'
        );
    }

    /**
     * The page that says why there is no way in.
     */
    private static function said(string $why, int $id, bool $staff, Language $words): string
    {
        $back = $staff ? '' : '<p><a href="../../../clientarea.php?action=productdetails&amp;id=' . $id . '">'
            . Html::text($words->text('door_back')) . '</a></p>';
        return self::page($words, '<p>' . Html::text(Text::clean($why)) . '</p>' . $back);
    }

    /**
     * A page around some HTML.
     */
    private static function page(Language $words, string $html): string
    {
        $title = Html::text($words->text('door_title'));
        return '<!doctype html><html lang="' . Html::text($words->text('locale')) . '"><head><meta charset="utf-8">'
            . '<meta name="viewport" content="width=device-width, initial-scale=1">'
            . '<meta name="referrer" content="no-referrer"><title>' . $title . '</title><style>'
            . 'body { font: 16px/1.5 sans-serif; max-width: 34em; margin: 15vh auto; padding: 0 20px; color: #333; }'
            . 'button { font: inherit; padding: 10px 20px; border: 0; border-radius: 4px; background: #22689f; '
            . 'color: #fff; cursor: pointer; }</style></head><body>' . "<h1>$title</h1>$html</body></html>";
    }
}
