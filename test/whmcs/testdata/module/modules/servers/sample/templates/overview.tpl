<p>In rack {$rack|escape}, {$domain|escape}</p>
