<?php

declare(strict_types=1);

namespace Pages;

/**
 * A rendered page, as a browser without scripts reads it.
 */
final class Page
{
    private \DOMXPath $tree;

    /**
     * @param string $html a part of a page
     */
    public function __construct(public string $html)
    {
        $document = new \DOMDocument();
        libxml_use_internal_errors(true);
        $document->loadHTML('<?xml encoding="UTF-8"><html><body>' . $html . '</body></html>');
        libxml_clear_errors();
        $this->tree = new \DOMXPath($document);
    }

    /**
     * How many nodes an XPath finds.
     */
    public function count(string $path): int
    {
        return $this->nodes($path)->length;
    }

    /**
     * The text of each node that an XPath finds, with single blanks.
     *
     * @return list<string>
     */
    public function texts(string $path): array
    {
        $texts = [];
        foreach ($this->nodes($path) as $node) {
            $texts[] = trim((string) preg_replace('/\s+/u', ' ', (string) $node->nodeValue));
        }
        return $texts;
    }

    /**
     * The text of the first node that an XPath finds; an error when there is none.
     */
    public function text(string $path): string
    {
        return $this->texts($path)[0] ?? throw new \LogicException("nothing at $path in:\n" . $this->html);
    }

    /**
     * All that can be read.
     */
    public function visible(): string
    {
        return implode(' ', $this->texts('//body//text()[not(ancestor::style) and not(ancestor::script)][normalize-space()]'));
    }

    /**
     * @return \DOMNodeList<\DOMNode>
     */
    private function nodes(string $path): \DOMNodeList
    {
        $nodes = $this->tree->query($path);
        return $nodes instanceof \DOMNodeList ? $nodes : throw new \LogicException("no XPath: $path");
    }
}
