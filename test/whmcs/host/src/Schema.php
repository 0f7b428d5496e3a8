<?php

declare(strict_types=1);

namespace Host;

/**
 * The tables of schema.sql: as they are for MariaDB, and for the unit tests of the module in SQLite's words.
 */
final class Schema
{
    /** What SQLite says otherwise. It knows no lengths, no enumerations and no dates. */
    private const SQLITE = [
        '/int\(10\) NOT NULL AUTO_INCREMENT PRIMARY KEY/' => 'INTEGER PRIMARY KEY AUTOINCREMENT',
        '/\bdecimal\([^)]*\)/' => 'NUMERIC', '/\b(?:enum|varchar)\([^)]*\)/' => 'TEXT', '/\b(?:medium)?text\b/' => 'TEXT', '/\b(?:tiny|big)?int\(\d+\)/' => 'INTEGER',
        '/\b(date(?:time)?) (?:date|datetime)\b/' => '$1 TEXT', '/\b(?:date|datetime) (?=NOT|NULL)/' => 'TEXT ',
        '/INTEGER NOT NULL(?= *[,)])/' => 'INTEGER NOT NULL DEFAULT 0', '/TEXT NOT NULL(?= *[,)])/' => "TEXT NOT NULL DEFAULT ''",
    ];

    /**
     * The statements, one a table.
     *
     * @return list<string>
     */
    public static function statements(): array
    {
        $text = (string) preg_replace('/^--.*$/m', '', (string) file_get_contents(dirname(__DIR__) . '/schema.sql'));
        return array_values(array_filter(array_map('trim', preg_split('/;$/m', $text) ?: [])));
    }

    /**
     * The same for SQLite, in one text.
     */
    public static function forSqlite(): string
    {
        return preg_replace(array_keys(self::SQLITE), self::SQLITE, implode(";\n", self::statements())) . ';';
    }
}
